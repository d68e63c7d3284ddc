"""Lints of time: promises, special stages, the number of stages, what is done at once."""

from engine.diagnostics.lint import Lint

TIME_LINTS: dict[str, Lint] = {
    "promise-over-statutory": Lint(
        "error",
        (
            "承诺办结时限 {promise} 超过法定办结时限 {statutory}",
            "the promised time {promise} is longer than the statutory time {statutory}",
        ),
        ("请缩短承诺时限。", "Shorten the promise."),
        (
            "承诺是对法定时限的压缩，不能比法律给的还长。",
            "A promise shortens the time of the law; it never lengthens it.",
        ),
        "行政许可法第四十二条：自受理之日起二十日内作出决定",
        "time: {statutory: 20 working days, promise: 25 working days}",
        "time: {statutory: 20 working days, promise: 5 working days}",
        is_verified=True,
    ),
    "time-units-differ": Lint(
        "warning",
        (
            "承诺时限与法定时限的单位不同（{promise} 与 {statutory}），已换算后比较",
            "promise and statutory time have different units ({promise}, {statutory}); "
            "converted to compare",
        ),
        ("建议统一为工作日。", "Prefer working days for both."),
        (
            "行政许可的期限以工作日计算；单位不同，群众看不出压缩了多少。",
            "Terms of the licensing law are working days; with mixed units nobody sees the gain.",
        ),
        "行政许可法第八十二条",
        "time: {statutory: 20 working days, promise: 5 days}",
        "time: {statutory: 20 working days, promise: 5 working days}",
        is_verified=True,
    ),
    "promise-ratio": Lint(
        "warning",
        (
            "承诺办结时限 {promise} 超过法定办结时限 {statutory} 的 {percent}%（至多 {most}）",
            "the promised time {promise} is over {percent} % of the statutory {statutory} "
            "(at most {most})",
        ),
        (
            "请压缩到 {most}；个别复杂事项用 complex 写明理由和批准机关。",
            "Shorten it to {most}; for a complex matter give the reason in `complex`.",
        ),
        (
            "本级事项的承诺时限压缩到法定时限的 25% 以内，不足一个单位的舍去，不足一个工作日的即办；"
            "国家级、省级事项为 50%（原文可有两种读法，故作参数）。"
            "两个数由 tongban.yaml 的 limits: {promise_percent, upper_promise_percent} 调整。",
            "Local matters promise at most 25 % of the statutory time, rounded down, and at once "
            "where that is less than one; matters of the province or the state 50 %. Both figures "
            "are `limits` of tongban.yaml.",
        ),
        "本级事项承诺时限压缩到法定时限的25%以内（指标创新突破行动方案）",
        "level: 县级\ntime: {statutory: 20 working days, promise: 6 working days}",
        "level: 县级\ntime: {statutory: 20 working days, promise: 5 working days}",
    ),
    "special-stage-limit": Lint(
        "error",
        (
            "特殊环节“{title}”没有办理时限",
            'the special stage "{title}" has no time limit',
        ),
        (
            "法律未规定的，应由审批机关明确并公布：请填写 limit。",
            "Where the law sets none, the organ fixes and publishes one: add limit.",
        ),
        (
            "听证、检验、检测、鉴定、专家评审的时间不计入办理时限，但须书面告知申请人需要多久。",
            "Hearings, tests and expert reviews stop the clock, but the applicant is told how long.",
        ),
        "行政许可法第四十五条；特殊环节没有法定时限的，由审批机关明确并公布",
        "time: {special: [{title: 专家评审}]}",
        "time: {special: [{title: 专家评审, limit: 15 working days}]}",
        is_verified=True,
    ),
    "stages-too-many": Lint(
        "warning",
        (
            "办理环节有 {count} 个（{titles}），超过 {limit} 个",
            "{count} stages of handling ({titles}), more than {limit}",
        ),
        (
            "请合并环节；个别复杂事项用 complex 写明理由和批准机关。",
            "Merge stages; for a complex matter give the reason and who approved in `complex`.",
        ),
        (
            "办理环节精简为受理、审查、决定（送达）三个以内。送达、办结、归档单列的不计数。"
            "上限由 tongban.yaml 的 limits: {stages} 调整。",
            "Acceptance, review and decision: three at most. Delivery, closing and filing, listed "
            "apart, do not count. The limit is `limits: {stages}` of tongban.yaml.",
        ),
        "审批环节不超过3个，个别复杂事项除外（指标创新突破行动方案）",
        "stages: [{title: 受理}, {title: 初审}, {title: 复审}, {title: 决定}, {title: 送达}]",
        "stages: [{title: 受理}, {title: 审查}, {title: 决定}, {title: 送达}]",
    ),
    "should-be-instant": Lint(
        "warning",
        (
            "只作形式审查且没有特殊环节，应列为即办件",
            "only a formal check and no special stage: this is to be done at once",
        ),
        (
            "请改为 kind: 即办件，并在 time 下写 promise: 即办。",
            "Set kind: 即办件, and promise: 即办 below time.",
        ),
        (
            "单一流程、无特殊环节、只作形式审查的，当场就能办结，不必让人等。这里把全部要点都在受理环节、"
            "且没有写明其他环节的事项看作只作形式审查。",
            "What needs a formal check only is finished at the counter. Formal means here: every "
            "criterion belongs to acceptance and no other stage is listed.",
        ),
        "单一流程、无特殊环节、只作形式审查的列为即办件（指标创新突破行动方案）",
        "kind: 承诺件\nfacts: {表格齐全: {type: boolean}}\ncriteria:\n"
        "  - {id: complete, stage: 受理, point: 表格齐全, require: 表格齐全, remedy: 补齐表格, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
        "kind: 即办件\ntime: {promise: 即办}\nfacts: {表格齐全: {type: boolean}}\ncriteria:\n"
        "  - {id: complete, stage: 受理, point: 表格齐全, require: 表格齐全, remedy: 补齐表格, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
    ),
    "instant-kind": Lint(
        "warning",
        (
            "办件类型是“{kind}”，承诺办结时限却是“{promise}”",
            'the kind of handling is "{kind}", but the promised time is "{promise}"',
        ),
        (
            "即办件的承诺时限写“即办”或“当场”，承诺件写工作日。",
            "即办件 promises 即办 or 当场; 承诺件 promises working days.",
        ),
        (
            "办件类型和时限说的是同一件事，不能一个说当场办结，一个说要等几天。",
            "Kind and time say the same thing; they cannot disagree.",
        ),
        "即办的，办件类型为即办件（政务服务事项清单质检的通行规则）",
        "kind: 即办件\ntime: {promise: 3 working days}",
        "kind: 即办件\ntime: {promise: 即办}",
    ),
}
