"""一件事 over the API: one form, one application, a case for each part."""

from typing import Any

from flask import abort, g

from engine import (
    Drafts,
    Theme,
    ThemeCase,
    Workspace,
    find_theme_case,
    merge_theme,
    merged_materials,
    plan_theme,
    submit_theme,
    to_plain,
)
from studio.desk import Desk
from studio.rest.cases import command_key, given_case, own_application
from studio.rest.matters import REGION
from studio.rest.operation import Call, Content, Operation, Parameter
from studio.rest.shapes import (
    NewThemeCase,
    PartNotNeeded,
    ThemeCaseGiven,
    ThemeDetail,
    ThemeList,
    ThemeSummary,
)

_THEME = Parameter(
    "theme",
    {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"},
    "一件事的编号",
    "id of the theme",
)
_WHOLE = Parameter(
    "whole", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "一件事办件的标识", "id of the whole"
)


def theme_operations(desk: Desk) -> tuple[Operation, ...]:
    """Themes, their merged forms, and applications for them."""
    return (*_reading(desk), *_applying(desk))


def _reading(desk: Desk) -> tuple[Operation, ...]:
    def listing(call: Call) -> ThemeList:
        workspace = desk.workspace()
        found = (
            workspace.file("theme", name, desk.today()).definition
            for name in workspace.ids("theme")
        )
        return ThemeList(
            themes=[ThemeSummary(**_summary(t)) for t in found if isinstance(t, Theme)]
        )

    def one(call: Call) -> ThemeDetail:
        workspace, on = desk.workspace(), desk.today()
        region = call.query.get("region") or workspace.settings.region
        merged = merge_theme(workspace, call.path["theme"], on, region)
        return ThemeDetail(
            **_summary(_theme(workspace, call.path["theme"], desk)),
            form=merged.form.model_dump(mode="json", by_alias=True, exclude_none=True),
            materials=[
                to_plain(m)
                for m in merged_materials(plan_theme(workspace, call.path["theme"], on, region))
            ],
        )

    return (
        Operation(
            "listThemes",
            "GET",
            "/themes",
            "一件事",
            "themes",
            (),
            listing,
            {200: Content("一件事", "themes", ThemeList)},
        ),
        Operation(
            "getTheme",
            "GET",
            "/themes/<theme>",
            "一件事的合并表单和材料",
            "the merged form and materials of a theme",
            (),
            one,
            {200: Content("一件事", "the theme", ThemeDetail)},
            parameters=(_THEME, REGION),
        ),
    )


def _applying(desk: Desk) -> tuple[Operation, ...]:
    def submit(call: Call) -> ThemeCaseGiven:
        data = own_application(call.body.application.model_dump())
        draft = None
        if call.body.draft:
            draft = Drafts(desk.hall).find(call.body.draft, g.account.name)
        command = desk.command("submit", {}, command_key(call))
        return _given(desk, submit_theme(desk.hall, call.body.theme, data, command, draft))

    def whole(call: Call) -> ThemeCaseGiven:
        found = find_theme_case(desk.hall, call.path["whole"])
        return _given(desk, found) if found.owner == g.account.name else abort(404)

    return (
        Operation(
            "submitTheme",
            "POST",
            "/theme-cases",
            "一次申办一件事",
            "apply for all parts at once",
            ("cases",),
            submit,
            {201: Content("各部分的办件", "a case for each part", ThemeCaseGiven)},
            body=NewThemeCase,
            takes_key=True,
            problems=(404, 409),
        ),
        Operation(
            "getThemeCase",
            "GET",
            "/theme-cases/<whole>",
            "一件事的办理情况",
            "how its parts stand",
            ("cases",),
            whole,
            {200: Content("各部分的办件", "the cases", ThemeCaseGiven)},
            parameters=(_WHOLE,),
        ),
    )


def _theme(workspace: Workspace, identity: str, desk: Desk) -> Theme:
    found = workspace.file("theme", identity, desk.today()).definition
    assert isinstance(found, Theme)
    return found


def _summary(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.theme,
        "title": theme.title,
        "summary": theme.summary,
        "parts": [part.matter for part in theme.parts],
    }


def _given(desk: Desk, whole: ThemeCase) -> ThemeCaseGiven:
    return ThemeCaseGiven(
        id=whole.id,
        theme=whole.theme,
        title=whole.title,
        status=whole.status,
        submitted_at=whole.submitted_at,
        cases=[given_case(desk, case) for case in whole.cases],
        not_needed=[
            PartNotNeeded(title=title, reason=reason) for title, reason in whole.not_needed
        ],
    )
