"""What a matter says of the course of its cases: several departments, renewals, quotas, posts."""

from typing import Annotated, Literal

from engine.definitions.base import (
    Bases,
    Day,
    Duration,
    Id,
    Ids,
    Name,
    Part,
    Text,
    Titled,
    key,
    type_of_many,
)
from engine.definitions.flows import Role


class JointMember(Part):
    """A department that gives its opinion."""

    department: Text = key("部门", "department")
    title: Text = key("就什么提出意见", "what it is asked about")
    within: Duration = key("提出意见的期限，自受理之日起", "its own time, from acceptance")
    basis: Bases = key("依据", "legal basis", tuple)


class JointHandling(Part):
    """Several departments handle one case side by side (并联)."""

    lead: Text | None = key("牵头部门；不写则为承办部门", "lead; the department when absent", None)
    members: Annotated[tuple[JointMember, ...], type_of_many] = key("参加部门", "members")
    total: Duration = key("总时限", "time in all", "45 working days")
    on_objection: Literal["refuse", "consult"] = key(
        "有部门不同意时：refuse 不予、consult 会商后决定",
        "when a member objects: refuse, or consult",
        "consult",
    )
    basis: Bases = key("依据", "legal basis", tuple)


class Renewal(Part):
    """An application to renew a licence: undecided when that ends, it counts as granted."""

    expires: Name = key(
        "给出原证有效期届满日的事实；有值即为延续申请",
        "fact that gives the last day of the licence; with a value it is a renewal",
    )
    before: Duration = key("届满前多久提出为按期", "how long before it is in time", "30 days")
    basis: Bases = key("依据", "legal basis", tuple)


class Quota(Part):
    """How many may be granted; by the order of acceptance."""

    limit: Text = key("数量，或给出数量的地区参数", "a number, or the parameter that gives it")
    basis: Bases = key("依据", "legal basis", tuple)


class Absence(Part):
    """Days on which somebody is away."""

    who: Text = key("账号", "account")
    from_: Day = key("起（含）", "from", alias="from")
    to: Day = key("止（含）", "to")
    reason: Text = key("事由", "why", "休假")


class Post(Titled):
    """A post and its substitute (AB岗): whoever is away is stood in for, and nobody waits."""

    post: Id = key("编号", "id")
    department: Text = key("部门", "department")
    role: Role = key("角色", "role")
    matters: Ids = key("办理哪些事项；不写则该部门全部", "matters; all when absent", tuple)
    holder: Text = key("A 岗（账号）", "holder (account)")
    substitute: Text = key("B 岗（账号）", "substitute (account)")
    absences: Annotated[tuple[Absence, ...], type_of_many] = key("请假", "days away", tuple)
