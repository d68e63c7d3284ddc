"""Lints of what is asked for: catch-all words, what others could supply, what was asked already."""

from engine.diagnostics.lint import Lint

_BASIS = "basis: {law: 示例法, article: 第二条, verified: true}"

MATERIAL_LINTS: dict[str, Lint] = {
    "catch-all-material": Lint(
        "warning",
        (
            "材料名称“{title}”含兜底用语“{word}”",
            'the material "{title}" has the catch-all word "{word}"',
        ),
        (
            "请逐项列明，不得以“其他”“相关”等要求指南之外的材料。",
            "List each material; nothing beyond the guide may be asked for.",
        ),
        (
            "“其他材料”“相关证明”让窗口可以随时加要材料，申请人也无从一次备齐。",
            "Other or related documents let a counter ask for more at any time.",
        ),
        "不得有兜底性条款，不得在指南之外收取材料（办事指南规范；优化营商环境的地方条例）",
        f"materials:\n  - {{id: others, title: 其他材料, remedy: 补交, {_BASIS}}}",
        f"materials:\n  - {{id: floor_plan, title: 平面图, remedy: 补交平面图, {_BASIS}}}",
    ),
    "catch-all-condition": Lint(
        "warning",
        (
            "“{text}”含兜底用语“{word}”，申请人不知道还要满足什么",
            '"{text}" has the catch-all words "{word}": what else must hold is not said',
        ),
        (
            "请把条件逐条写成单独的审查要点。",
            "Write each condition as a criterion of its own.",
        ),
        (
            "“符合相关规定”“其他条件”不能判定，同样的情况就可能得出不同的结果。",
            "Relevant rules or other conditions cannot be decided, so like cases end unlike.",
        ),
        "条件中不得有“其他”“有关”“相关”“等”兜底用语（办事指南规范）",
        "facts: {符合要求: {type: boolean}}\ncriteria:\n"
        "  - {id: suitable, stage: 审查, point: 场所符合有关规定, require: 符合要求, "
        f"remedy: 整改, {_BASIS}}}",
        "facts: {有消毒间: {type: boolean}}\ncriteria:\n"
        "  - {id: suitable, stage: 审查, point: 场所设有消毒间, require: 有消毒间, "
        f"remedy: 增设消毒间, {_BASIS}}}",
    ),
    "local-proof-demanded": Lint(
        "error",
        (
            "“{title}”产生于辖区内，不得要求申请人提交",
            '"{title}" is produced within the jurisdiction and may not be demanded',
        ),
        (
            "请用 satisfied_by 关联电子证照，或由部门协查取得。",
            "Link a licence with satisfied_by, or query the department.",
        ),
        (
            "辖区内政务服务产生的证明和结果，由审批部门自己取得。",
            "What the jurisdiction itself produces is fetched by the organ that decides.",
        ),
        "辖区内产生的证明和办理结果一律不得索要（减证便民工作方案）",
        f"materials:\n  - {{id: proof, title: 证明, local: true, remedy: 提交证明, {_BASIS}}}",
        "materials:\n  - {id: proof, title: 证明, local: true, query: 民政部门, "
        f"remedy: 由民政部门核验, {_BASIS}}}",
    ),
    "shareable-demanded": Lint(
        "warning",
        (
            "“{title}”可由{source_zh}提供，却要求申请人提交",
            '"{title}" can come from {source_en}, yet the applicant must supply it',
        ),
        (
            "请写 satisfied_by: [{licence}]，并让 resolve 先试 licence（或 query）。",
            "Write satisfied_by: [{licence}] and let resolve try licence (or query) first.",
        ),
        (
            "能通过电子证照或者部门协查取得的，不收纸质，也不让申请人重复提交。",
            "What an e-licence or another department can supply is not collected again.",
        ),
        "能共享的不得收纸质，一次生成、多方复用（减证便民工作方案）",
        f"materials:\n  - {{id: permit_copy, title: 执照复印件, remedy: 提交执照, {_BASIS}}}",
        "materials:\n  - {id: permit_copy, title: 执照复印件, satisfied_by: permit, "
        f"remedy: 提交执照, {_BASIS}}}",
    ),
    "material-twice": Lint(
        "warning",
        (
            "“{title}”要了两次，另一处在 {other}",
            '"{title}" is asked for twice, the other is at {other}',
        ),
        (
            "请删去其中一处；条件不同的，合成一项并写 when。",
            "Remove one of them; where the conditions differ, join them in one `when`.",
        ),
        (
            "上一环节已经收下的，下一环节不再要。",
            "What one stage has taken, the next does not ask for again.",
        ),
        "上一环节已收取的申请材料，下一环节不再要求提交（减证便民工作方案）",
        f"materials:\n  - {{id: plan, title: 平面图, remedy: 提交平面图, {_BASIS}}}\n"
        f"  - {{id: plan_again, title: 平面图（复印件）, remedy: 提交平面图, {_BASIS}}}",
        f"materials:\n  - {{id: plan, title: 平面图, remedy: 提交平面图, {_BASIS}}}",
    ),
    "asked-though-known": Lint(
        "warning",
        (
            "表单让申请人填“{fact}”，而它就在“{licence}”的“{field}”栏里",
            'the form asks for "{fact}", which the licence "{licence}" has as "{field}"',
        ),
        (
            "请写 prefill: {source}，让系统先填好，申请人只作核对。",
            "Write prefill: {source}, so that the applicant only confirms it.",
        ),
        (
            "本事项已经取得的证照上有的信息，不再让申请人自己抄一遍。",
            "What stands on a licence that the matter takes anyway is not typed again.",
        ),
        "可比对查验的证照信息不得要求重复提供（减证便民工作方案）",
        "facts: {地址: {type: text, source: permit.地址}}\n"
        f"materials:\n  - {{id: permit, title: 执照, satisfied_by: permit, remedy: 提交, {_BASIS}}}\n"
        "---\nform: sample\nsteps:\n  - {title: 场所, fields: [{fact: 地址, ask: 地址？}]}",
        "facts: {地址: {type: text, source: permit.地址}}\n"
        f"materials:\n  - {{id: permit, title: 执照, satisfied_by: permit, remedy: 提交, {_BASIS}}}\n"
        "---\nform: sample\nsteps:\n"
        "  - {title: 场所, fields: [{fact: 地址, ask: 地址？, prefill: permit.地址}]}",
    ),
    "proofs-circular": Lint(
        "warning",
        (
            "循环证明：{cycle}，谁也办不成",
            "proofs in a circle: {cycle}; none of them can be had first",
        ),
        (
            "请在其中一个事项里去掉这份材料，或者增加别的证照可以代替（satisfied_by）。",
            "Drop the material in one of these matters, or accept another licence (satisfied_by).",
        ),
        (
            "办甲要先有乙，办乙又要先有甲：申请人永远办不下来。这里把整个工作区的事项、材料和结果证照"
            "连成一张图来看；申请延续需要原证照的，不算循环。",
            "A needs B and B needs A. The matters, materials and results of the whole workspace are "
            "looked at as one graph; a renewal that needs the old licence is no circle.",
        ),
        "清理奇葩证明、循环证明（减证便民工作方案）",
        "result: {licence: permit}\n"
        "materials:\n  - {id: approval, title: 批准书, satisfied_by: approval, remedy: 提交, "
        f"{_BASIS}}}\n"
        "---\nlicence: approval\ntitle: 批准书\n"
        "---\nmatter: other\ntitle: 示例批准\ntype: 行政许可\nlevel: 县级\norgan: 示例局\n"
        f"{_BASIS}\nresult: {{licence: approval}}\n"
        "materials:\n  - {id: permit, title: 执照, satisfied_by: permit, remedy: 提交, "
        f"{_BASIS}}}",
        "result: {licence: permit}\n"
        "materials:\n  - {id: approval, title: 批准书, satisfied_by: approval, remedy: 提交, "
        f"{_BASIS}}}\n"
        "---\nlicence: approval\ntitle: 批准书\n"
        "---\nmatter: other\ntitle: 示例批准\ntype: 行政许可\nlevel: 县级\norgan: 示例局\n"
        f"{_BASIS}\nresult: {{licence: approval}}",
    ),
    "core-material-covered": Lint(
        "error",
        ("核心材料“{title}”不得{how_zh}", 'the core material "{title}" may not be {how_en}'),
        (
            "请去掉该设置，或将材料改为非核心（core: false）。",
            "Remove this, or make the material non-core (core: false).",
        ),
        (
            "核心要件齐了才能受理，不能先欠着，也不能只凭承诺。",
            "Core documents come first: they are neither owed nor replaced by a promise.",
        ),
        "容缺受理只适用于非核心要件（容缺受理办法）",
        "materials:\n  - {id: report, title: 报告, deferrable: {within: 10 working days}, "
        f"remedy: 提交报告, {_BASIS}}}",
        "materials:\n  - {id: report, title: 报告, core: false, "
        f"deferrable: {{within: 10 working days}}, remedy: 提交报告, {_BASIS}}}",
        is_adjustable=False,
    ),
    "sample-missing": Lint(
        "info",
        (
            "{count} 项材料没有示范文本：{titles}",
            "{count} material(s) without a sample: {titles}",
        ),
        (
            "请为申请人自备的材料写 sample（示范文本的名称或者网址）。",
            "Give a `sample` (its name or address) for what applicants make themselves.",
        ),
        (
            "没有样本，申请人只能靠猜，补正最多的就是这些材料。",
            "Without a sample people guess, and these are what is sent back most.",
        ),
        "办事指南须有示范文本（办事指南规范）",
        "materials:\n  - {id: report, title: 报告, origin: 申请人自备, remedy: 提交报告, "
        f"{_BASIS}}}",
        "materials:\n  - {id: report, title: 报告, origin: 申请人自备, sample: 报告示范文本.pdf, "
        f"remedy: 提交报告, {_BASIS}}}",
    ),
    "mistakes-missing": Lint(
        "info",
        (
            "{count} 项材料没有常见错误实例：{titles}",
            "{count} material(s) without common mistakes: {titles}",
        ),
        (
            "请为申请人自备的材料写 mistakes，一条说一种错误。",
            "List `mistakes` for what applicants make themselves, one line each.",
        ),
        (
            "把别人错在哪里先说清楚，申请人就不会再错一次。",
            "Telling where others went wrong saves the next one the trouble.",
        ),
        "办事指南须有常见错误实例（办事指南规范）",
        "materials:\n  - {id: report, title: 报告, origin: 申请人自备, remedy: 提交报告, "
        f"{_BASIS}}}",
        "materials:\n  - {id: report, title: 报告, origin: 申请人自备, mistakes: [没有盖章], "
        f"remedy: 提交报告, {_BASIS}}}",
    ),
    "fact-unused": Lint(
        "warning",
        (
            "事实“{name}”没有被任何规则、材料或表使用",
            'the fact "{name}" is used by no rule, material or table',
        ),
        (
            "不用的事实不应向申请人收集（减证便民）：请删去，或在规则中使用。",
            "Facts that are not used should not be asked for: remove it or use it.",
        ),
        (
            "问了却不用，就是多要。",
            "What is asked and never used was asked for nothing.",
        ),
        "没有用处的材料和信息不收取（减证便民工作方案）",
        "facts: {楼层: {type: integer}, 面积: {type: decimal}}\ncriteria:\n"
        "  - {id: large, stage: 审查, point: 面积达到下限, require: 面积 >= 10, "
        f"remedy: 更换场所, {_BASIS}}}",
        "facts: {面积: {type: decimal}}\ncriteria:\n"
        "  - {id: large, stage: 审查, point: 面积达到下限, require: 面积 >= 10, "
        f"remedy: 更换场所, {_BASIS}}}",
    ),
}
