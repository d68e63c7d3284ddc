"""Chinese first, English beside it: which one a request is answered in."""

from typing import Literal
from urllib.parse import urlencode

from flask import Flask, Response, request
from flask_babel import Babel, get_locale, ngettext  # type: ignore[import-untyped]
from flask_babel import gettext as _
from markupsafe import Markup

__all__ = ["LANGUAGES", "Language", "_", "current_language", "ngettext", "pick_language", "speak"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_COOKIE = "language"
_YEAR = 365 * 24 * 3600


def pick_language() -> Language:
    """`?lang=`, else the cookie that it left, else Chinese."""
    for wish in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        for language in LANGUAGES:
            if wish == language:
                return language
    return "zh"


def current_language() -> Language:
    """What this request is answered in."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def speak(app: Flask) -> None:
    """Translations for every page, `both()` for texts that carry both languages."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    Babel(app, locale_selector=pick_language)

    @app.context_processor
    def _offer() -> dict[str, object]:
        language = current_language()
        return {
            "language": language,
            "html_lang": "zh-Hans" if language == "zh" else "en",
            "both": lambda zh, en: en if language == "en" and en else zh,
            # Definitions speak Chinese, whatever the page speaks.
            "zh_lang": Markup(' lang="zh-Hans"') if language == "en" else "",
            "other_language_url": _in_other_language(language),
        }

    @app.after_request
    def _remember(response: Response) -> Response:
        wish = request.args.get("lang")
        if wish in LANGUAGES:
            response.set_cookie(_COOKIE, wish, max_age=_YEAR, samesite="Lax", httponly=True)
        return response


def _in_other_language(language: str) -> str:
    other = "en" if language == "zh" else "zh"
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{request.path}?{urlencode([*arguments, ('lang', other)])}"
