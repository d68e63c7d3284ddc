"""Lints of what people are told: the guide, visits, fees, telephone numbers, the result."""

from engine.diagnostics.lint import Lint

_CHECKER = "政务服务事项清单质检的通行规则"

GUIDE_LINTS: dict[str, Lint] = {
    "guide-incomplete": Lint(
        "info",
        (
            "办事指南还缺：{missing_zh}",
            "the guide still lacks: {missing_en}",
        ),
        (
            "请补上这些键，指南由定义生成，不另外编写。",
            "Add these keys: the guide is written from the definition, never beside it.",
        ),
        (
            "指南缺一项，申请人就要多跑一趟、多打一个电话。",
            "Each gap in a guide costs somebody a visit or a call.",
        ),
        "办事指南须列明申请条件、申请材料、审批时限、收费依据及标准、审批决定证件、诉求渠道、"
        "注意事项、联系方式（办事指南规范）",
        "guide: {windows: 政务服务中心综合窗口, hours: 工作日 9:00—17:00}",
        "materials: [{id: letter, title: 申请书, remedy: 填写申请书, "
        "basis: {law: 示例法, article: 第二条, verified: true}}]\n"
        "facts: {面积: {type: decimal}}\n"
        "criteria: [{id: large, stage: 审查, point: 面积达到下限, require: 面积 >= 10, "
        "remedy: 更换场所, basis: {law: 示例法, article: 第二条, verified: true}}]\n"
        "time: {statutory: 20 working days, promise: 5 working days}\n"
        "result: {title: 示例许可证}\n"
        "guide:\n  windows: 政务服务中心综合窗口\n  hours: 工作日 9:00—17:00\n"
        '  phone: "12345"\n  complaints: "12345"\n  review_body: 本级人民政府\n'
        "  court: 有管辖权的基层人民法院\n  notes: 可以委托他人办理\n  fee: 不收费",
    ),
    "visits-reason": Lint(
        "warning",
        (
            "要到现场 {count} 次，没有写明原因",
            "{count} visit(s) are needed and no reason is given",
        ),
        (
            "请写 visits_reason（哪个环节、依据什么必须到场），或者改为 0 次。",
            "Say in visits_reason which step needs them and why, or make it 0.",
        ),
        (
            "能不跑的不跑；非到场不可的，说清楚为什么。",
            "Nobody comes without need; where they must, the reason is said.",
        ),
        f"到现场不为0次的，必须填写原因（{_CHECKER}）",
        "visits: 1",
        "visits: 1\nvisits_reason: 领取证书时须当场核验本人",
    ),
    "visits-too-many": Lint(
        "warning",
        (
            "要到现场 {count} 次，超过 {limit} 次",
            "{count} visits are needed, more than {limit}",
        ),
        (
            "请改为网上办理或者邮寄送达；个别复杂事项用 complex 写明理由。",
            "Move steps online or send by post; for a complex matter say why in `complex`.",
        ),
        (
            "最多跑一次。上限由 tongban.yaml 的 limits: {visits} 调整。",
            "One visit at most. The limit is `limits: {visits}` of tongban.yaml.",
        ),
        "最多跑一次，除个别复杂事项外（县级政务服务改革方案）",
        "visits: 2\nvisits_reason: 提交材料和领取证书",
        "visits: 1\nvisits_reason: 领取证书时须当场核验本人",
    ),
    "online-visits": Lint(
        "warning",
        (
            "网上办理程度是“{online}”，到现场次数却是 {count}{rest_zh}",
            'the matter is "{online}" online, yet visits are {count}{rest_en}',
        ),
        (
            "全程网办的到现场 0 次；不能网上办又要 0 次的，须能邮寄（channels: [邮寄]）。",
            "全程网办 means no visit; no visit without online handling needs post.",
        ),
        (
            "网办程度、到场次数、办理形式三处要说同一件事。",
            "How far it is online, how many visits and by which channels must agree.",
        ),
        f"全程网办的到现场次数为0；0次又不能网办的，办理形式须含邮寄（{_CHECKER}）",
        "online: 全程网办\nvisits: 1\nvisits_reason: 领取证书",
        "online: 全程网办\nvisits: 0",
    ),
    "fee-unfounded": Lint(
        "warning",
        (
            "收费“{fee}”没有写明{missing_zh}",
            'the fee "{fee}" does not say its {missing_en}',
        ),
        (
            "请在 guide.fees 中逐项写明项目、标准和依据；不收费的写“不收费”。",
            "List each fee with its standard and basis in guide.fees, or write 不收费.",
        ),
        (
            "收费须有依据、有标准，事先公布；没有的不得收。",
            "A fee has a basis and a published standard, or it is not taken.",
        ),
        f"收费的，依据、标准、项目、网上支付须齐全；不收费的不得有收费项目（{_CHECKER}）",
        "guide: {fee: 工本费}",
        "guide:\n  fee: 工本费 10 元\n  fees:\n    - {title: 工本费, standard: 每证 10 元, "
        "online: true, basis: {law: 示例收费办法, article: 第三条, verified: true}}",
    ),
    "phones-same": Lint(
        "warning",
        (
            "咨询电话和投诉电话都是 {phone}",
            "questions and complaints go to the same number, {phone}",
        ),
        (
            "投诉要有另外的渠道；由 12345 等热线统一受理的除外。",
            "Complaints need a channel of their own, unless a public hotline takes both.",
        ),
        (
            "投诉打到被投诉的窗口，就等于没有投诉渠道。",
            "A complaint that rings at the counter complained of goes nowhere.",
        ),
        f"咨询电话不得与投诉电话相同（{_CHECKER}）",
        'guide: {phone: "0537-1234567", complaints: "0537-1234567"}',
        'guide: {phone: "0537-1234567", complaints: "12345"}',
    ),
    "faq-missing": Lint(
        "info",
        (
            "行政许可没有常见问题",
            "a licence without a single frequent question",
        ),
        (
            "请在 guide.faq 中写至少一个问题和答案。",
            "Write at least one question with its answer in guide.faq.",
        ),
        (
            "问得最多的问题写出来，热线和窗口就少答一百遍。",
            "The commonest question, answered once, is not answered a hundred times.",
        ),
        f"许可类事项至少有一个常见问题（{_CHECKER}）",
        "type: 行政许可",
        "type: 行政许可\nguide: {faq: {可以委托他人办理吗？: 可以，附授权委托书。}}",
    ),
    "result-closing": Lint(
        "warning",
        (
            "结果“{title}”应是{expected}，写的是{closing}",
            'the result "{title}" ends by {expected}, not by {closing}',
        ),
        (
            "结果名以“证”结尾的出证办结，“文”结尾的出文办结，“批复”结尾的审批办结。",
            "A 证 ends by 出证办结, a 文 by 出文办结, a 批复 by 审批办结.",
        ),
        (
            "办结方式决定系统生成证照、公文还是批复，与结果名称对不上就发错。",
            "How it ends decides what is issued; a result of another name would go out wrong.",
        ),
        f"结果名称与办结方式一致（{_CHECKER}）",
        "result: {title: 示例许可证, closing: 出文办结}",
        "result: {title: 示例许可证, closing: 出证办结}",
    ),
    "result-validity": Lint(
        "info",
        (
            "结果证照“{title}”没有写有效期",
            'the licence issued, "{title}", says no validity',
        ),
        (
            "请在 result.valid 或者证照类型的 valid 中写有效期。",
            "Give it in result.valid or in the licence type's valid.",
        ),
        (
            "有效期决定何时提醒延续、旧证何时不能再用。",
            "Validity decides when a renewal is due and when a licence ends.",
        ),
        "审批决定证件须写明有效期（办事指南规范）",
        "result: {licence: permit}",
        "result: {licence: permit, valid: 4 years}",
    ),
    "result-sample": Lint(
        "info",
        (
            "有办理结果“{title}”，没有结果样本",
            'the result "{title}" has no sample',
        ),
        (
            "请在 result.sample 中写样本的名称或者网址。",
            "Give the name or address of a sample in result.sample.",
        ),
        (
            "申请人先看到样子，才知道办成后拿到什么。",
            "Seeing a sample, people know what they will receive.",
        ),
        f"有结果的须有结果样本（{_CHECKER}）",
        "result: {title: 示例许可证}",
        "result: {title: 示例许可证, sample: 示例许可证样本.png}",
    ),
}
