"""What every answer carries for the browser to hold the page to, and what every request may weigh."""

import secrets

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect

_MEBIBYTE = 1024 * 1024


def policy(nonce: str) -> str:
    """The Content-Security-Policy: own files only. The nonce is for the editor's one style element."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _nonce() -> str:
    """Drawn once for each request."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def protect(app: Flask, *, secure_cookies: bool) -> None:
    """Headers, cross-site request forgery tokens, cookie attributes and limits of size."""
    app.config.update(
        SESSION_COOKIE_NAME="tongban",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure_cookies,
        PERMANENT_SESSION_LIFETIME=8 * 3600,
        MAX_CONTENT_LENGTH=8 * _MEBIBYTE,
        MAX_FORM_MEMORY_SIZE=8 * _MEBIBYTE,  # a whole definition is one field
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: an editor may stay open all day
    )
    CSRFProtect(app)

    @app.context_processor
    def _offer_nonce() -> dict[str, str]:
        return {"csp_nonce": _nonce()}

    @app.after_request
    def _add_headers(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy(_nonce())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"
        if request.endpoint != "static":  # static files are asked for again, by their tag
            headers["Cache-Control"] = "no-store"
        return response
