"""What the applicant receives: the licence issued, its sealed paper, how it was handed over, its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.casework.effects import Effect
from engine.casework.events import Command, Event
from engine.casework.refusals import CommandRefused
from engine.casework.tasks import start_of
from engine.casework.timers import Timer

if TYPE_CHECKING:
    from engine.casework.case import Case

_REMINDED_BEFORE = timedelta(days=30)
_WORDS = {
    "name": "代理人姓名",
    "id_number": "证件号码",
    "authorisation": "授权委托书",
    "address": "收件地址",
    "tracking": "物流单号",
}


@dataclass(frozen=True, slots=True)
class IssuedLicence:
    """A licence that a case issued. `paper` is the digest of its sealed PDF, "" until it has one.

    `type` is the id of its definition; `valid_until` the last valid day, None for no end; `status`
    one of 有效, 撤销, 注销, 失效. `handed` says how it was collected, empty until then.
    """

    type: str
    title: str
    number: str
    identifier: str
    holder_name: str
    holder_id: str
    issued_on: date
    valid_until: date | None
    issuer_name: str
    issuer_id: str
    region: str
    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    status: str = "有效"
    paper: str = ""
    handed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def status_on(self, day: date) -> str:
        """Its status on a day: the last valid day still counts."""
        is_over = self.valid_until is not None and day > self.valid_until
        return "失效" if is_over and self.status == "有效" else self.status


def licence_to_json(licence: IssuedLicence) -> dict[str, Any]:
    """A licence as plain JSON, days as ISO 8601."""
    until = licence.valid_until
    return {
        "type": licence.type,
        "title": licence.title,
        "number": licence.number,
        "identifier": licence.identifier,
        "holder_name": licence.holder_name,
        "holder_id": licence.holder_id,
        "issued_on": licence.issued_on.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "issuer_name": licence.issuer_name,
        "issuer_id": licence.issuer_id,
        "region": licence.region,
        "fields": dict(licence.fields),
        "status": licence.status,
        "paper": licence.paper,
    }


def licence_from_json(data: Mapping[str, Any]) -> IssuedLicence:
    """The licence in what `licence_to_json` wrote."""
    until = data["valid_until"]
    days = {
        "issued_on": date.fromisoformat(data["issued_on"]),
        "valid_until": date.fromisoformat(until) if until else None,
    }
    return IssuedLicence(**{**data, **days})


def _issue(case: "Case", event: Event) -> "Case":
    return replace(case, results=(*case.results, licence_from_json(event.body["licence"])))


def _seal(case: "Case", event: Event) -> "Case":
    return _each(case, event.body["identifier"], paper=event.body["paper"])


def _hand_over(case: "Case", event: Event) -> "Case":
    handed = {**event.body, "on": event.day.isoformat(), "by": event.actor.name}
    return replace(case, results=tuple(replace(r, handed=handed) for r in case.results))


def _expire(case: "Case", event: Event) -> "Case":
    return _each(case, event.body["identifier"], status="失效")


def _record_collection(case: "Case", command: Command) -> Mapping[str, Any]:
    names = ("way", *_WORDS)
    return {name: str(command.body[name]).strip() for name in names if command.body.get(name)}


def _each(case: "Case", identifier: str, **changed: Any) -> "Case":
    results = tuple(
        replace(r, **changed) if r.identifier == identifier else r for r in case.results
    )
    return replace(case, results=results)


def end_licences(case: "Case", status: str) -> "Case":
    """The case with all its licences ended."""
    return replace(case, results=tuple(replace(r, status=status) for r in case.results))


def _granted(case: "Case", command: Command) -> None:
    if case.outcome != "准予":
        raise CommandRefused(
            "not-granted", "没有准予的决定，不能制发证照", "nothing was granted: no licence"
        )


def _not_issued(case: "Case", command: Command) -> None:
    if case.results:
        number = case.results[-1].number
        raise CommandRefused(
            "already-issued", f"证照 {number} 已经生成", f"licence {number} is issued already"
        )


def _unsealed(case: "Case", command: Command) -> None:
    named = command.body.get("identifier")
    if not any(r.identifier == named and not r.paper for r in case.results):
        raise CommandRefused("nothing-to-seal", "没有待签章的证照", "no licence awaits its seal")


def _result_issued(case: "Case", command: Command) -> None:
    """事项办结时必须同步生成电子证照."""
    if case.outcome != "准予" or not case.licence_due:
        return
    if not case.results:
        raise CommandRefused(
            "no-result", "准予的办件须先生成结果证照，才能办结", "the result is not issued yet"
        )
    if not all(r.paper for r in case.results):
        raise CommandRefused(
            "not-sealed", "结果证照尚未签章，不能办结", "the licence is not sealed yet"
        )


def _may_collect(case: "Case", command: Command) -> None:
    """Who is not the applicant shows an authorisation; what is mailed has a tracking number."""
    if not case.results:
        raise CommandRefused("nothing-to-collect", "没有可领取的证照", "nothing to collect")
    if case.results[-1].handed:
        raise CommandRefused("already-collected", "证照已经领取或者寄出", "handed over already")
    way = command.body.get("way")
    needed = {"本人": ("id_number",), "代理人": ("name", "id_number", "authorisation")}
    needed["邮寄"] = ("address", "tracking")
    if way not in needed:
        raise CommandRefused(
            "unknown-way", "领取方式应是本人、代理人或邮寄", "by hand, by an agent or by mail"
        )
    lacking = [name for name in needed[way] if not str(command.body.get(name) or "").strip()]
    if lacking:
        zh = "、".join(_WORDS[name] for name in lacking)
        raise CommandRefused("collection-incomplete", f"{way}领取须登记{zh}", ", ".join(lacking))
    applicant = case.application.get("applicant", {})
    legal = command.body.get("id_number")
    own = {applicant.get("id_number"), *_representatives(case)}
    if way == "本人" and legal not in own:
        raise CommandRefused(
            "not-the-applicant",
            "领取人不是申请人本人；代领的，请登记代理人并核验授权",
            "whoever collects is not the applicant: register an agent with an authorisation",
        )


def _representatives(case: "Case") -> tuple[str, ...]:
    """The person behind an organisation: what the application gives as such."""
    facts = case.application.get("facts", {})
    names = ("负责人证件号码", "法定代表人证件号码", "经营者证件号码")
    return tuple(str(facts[name]) for name in names if facts.get(name))


def result_timers(case: "Case") -> tuple[Timer, ...]:
    """Sealing is done at once; the holder is reminded before the end; the end is recorded."""
    timers = []
    for licence in case.results:
        body = {"identifier": licence.identifier}
        if not licence.paper and licence.status == "有效":
            issued = start_of(licence.issued_on)  # at once, should nobody have done it
            timers.append(Timer(f"seal:{licence.identifier}", "seal", issued, body))
        if licence.valid_until is not None and licence.status == "有效":
            until = licence.valid_until
            reminded = start_of(until - _REMINDED_BEFORE)
            ends = start_of(until + timedelta(days=1))
            timers.append(Timer(f"expiring:{licence.identifier}", "remind_expiry", reminded, body))
            timers.append(Timer(f"expired:{licence.identifier}", "expire", ends, body))
    return tuple(timers)


def _register(case: "Case", event: Event) -> tuple[Effect, ...]:
    """The licence library is handed each licence as it is now; the key tells one state from another."""
    return tuple(
        Effect("register", f"register:{r.identifier}:{r.status}", licence_to_json(r))
        for r in case.results
    )


def _remind(case: "Case", event: Event) -> tuple[Effect, ...]:
    named = [r for r in case.results if r.identifier == event.body.get("identifier")]
    return tuple(
        Effect("notify", f"notify:{case.id}:{event.kind}:{r.identifier}", _expiry_told(case, r))
        for r in named
    )


def _expiry_told(case: "Case", licence: IssuedLicence) -> dict[str, Any]:
    zh = f"您的{licence.title}（{licence.number}）有效期至 {licence.valid_until}，需要延续的，请及时申请"
    en = f"your {licence.title} ({licence.number}) is valid until {licence.valid_until}: renew in time"
    about = {"case": case.id, "number": case.number, "matter": case.matter, "title": case.title}
    return {
        "to": case.owner,
        **about,
        "about": "remind_expiry",
        "zh": f"【{case.title}】{zh}",
        "en": en,
    }


CHANGES: dict[str, Callable[["Case", Event], "Case"]] = {
    "issue": _issue,
    "seal": _seal,
    "collect": _hand_over,
    "expire": _expire,
}
RECORDS: dict[str, Callable[["Case", Command], Mapping[str, Any]]] = {
    "issue": lambda case, command: {"licence": command.body["licence"]},
    "seal": lambda case, command: {n: command.body[n] for n in ("identifier", "paper")},
    "collect": _record_collection,
    "remind_expiry": lambda case, command: {"identifier": command.body.get("identifier", "")},
    "expire": lambda case, command: {"identifier": command.body.get("identifier", "")},
}
NEEDS: dict[str, Callable[["Case", Command], None]] = {
    "granted": _granted,
    "not_issued": _not_issued,
    "unsealed": _unsealed,
    "result_issued": _result_issued,
    "may_collect": _may_collect,
}
EFFECTS: dict[str, Callable[["Case", Event], tuple[Effect, ...]]] = {
    "seal": _register,
    "expire": _register,
    "revoke": _register,
    "deregister": _register,
    "find_false": _register,
    "revoke_unrectified": _register,
    "remind_expiry": _remind,
}
