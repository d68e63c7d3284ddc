"""Who calls: a token by its secret, and whether it reaches as far as the operation asks."""

from datetime import timedelta

from flask import Response, g, request

from engine import note_use, take_turn, token_of
from studio.desk import Desk
from studio.language import _
from studio.rest.operation import Operation, scopes_of
from studio.rest.problem_details import problem

_NOTED = timedelta(minutes=1)  # how exactly the last use of a token is known
_GUESSES, _WINDOW = 60, timedelta(minutes=1)  # wrong tokens of one address


def admit(desk: Desk, operation: Operation) -> Response | None:
    """Puts the account of the token into `g`; the problem to answer with when it is turned away."""
    g.account = None
    if not operation.scopes:
        return None
    now = desk.now()
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    with desk.store.read() as connection:
        token = token_of(connection, secret.strip(), now) if scheme.lower() == "bearer" else None
    wait = None
    if token is None:
        who = f"token-address\n{request.remote_addr or ''}"
        with desk.store.write() as connection:
            wait = take_turn(connection, who, now, most=_GUESSES, within=_WINDOW)
    elif token.used_at is None or now - token.used_at > _NOTED:
        with desk.store.write() as connection:
            note_use(connection, token, now)
    account = None if token is None else desk.accounts.find(token.login)
    if wait is not None:
        turned = problem(429, _("操作太频繁，请稍候再试。"), "too-many")
        turned.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
        return turned
    if token is None or account is None:
        turned = problem(401, _("没有令牌，或令牌无效、已过期。"), "no-token")
        turned.headers["WWW-Authenticate"] = 'Bearer realm="tongban"'
        return turned
    # Whoever is something else by now reaches no further than that; one's own cases stay one's own.
    scopes = frozenset(token.scopes) & {"cases", *scopes_of(account.role)}
    if not scopes & set(operation.scopes):
        needed = "、".join(operation.scopes)
        return problem(403, _("令牌的范围不包括此操作：%(scope)s", scope=needed), "scope")
    g.scopes = scopes
    g.account = account
    return None
