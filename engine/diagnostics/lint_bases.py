"""Lints of what a rule rests on: its law, the article, whether the law is in force, the way out."""

from engine.diagnostics.lint import Lint

BASIS_LINTS: dict[str, Lint] = {
    "basis-missing": Lint(
        "error",
        ("“{what}”没有写明依据", '"{what}" has no legal basis'),
        (
            "没有依据的规则不能发布：请补 basis（法规名称、条款、原文）。",
            "A rule without a basis cannot be published: add basis (law, article, quote).",
        ),
        (
            "法无授权不可为：要求群众做到的每一条、要求提交的每一份材料，都要说得出依据。",
            "What is asked of people rests on a law; what rests on none is not asked.",
        ),
        "设定依据逐条对应；没有依据的证明一律取消（减证便民工作方案；审查工作细则）",
        "materials: [{id: report, title: 报告, remedy: 提交报告}]",
        "materials:\n  - {id: report, title: 报告, remedy: 提交报告, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
        is_adjustable=False,
    ),
    "basis-unverified": Lint(
        "info",
        ("“{what}”的依据尚未核实", 'the basis of "{what}" is not verified'),
        (
            "请对照法规原文核对后，将 verified 改为 true。",
            "Check the text of the law, then set verified to true.",
        ),
        (
            "依据可能录自转载的文本或者旧版本。核对之前，凡是显示它的地方都注明“未核实”。",
            "A basis may come from a copy or an older text. Until checked, it is shown as unverified.",
        ),
        "依据须与现行文本一致（权责清单动态调整）",
        "basis: {law: 示例法, article: 第一条, verified: false}",
        "basis: {law: 示例法, article: 第一条, verified: true}",
    ),
    "basis-article": Lint(
        "info",
        (
            "“{what}”的依据《{law}》没有写到条款项",
            'the basis "{law}" of "{what}" names no article',
        ),
        (
            "请补 article，如“第十条第二款第一项”。",
            "Add article, such as 第十条第二款第一项.",
        ),
        (
            "只写法规名称，申请人和法制审核都无从核对。",
            "With only the name of a law nobody can look it up.",
        ),
        "引用依据须到条款项（政务服务事项清单质检的通行规则）",
        "basis: {law: 示例法, verified: true}",
        "basis: {law: 示例法, article: 第一条, verified: true}",
    ),
    "basis-repealed": Lint(
        "warning",
        (
            "“{what}”的依据《{law}》有效至 {day}{instead_zh}，而规则在此后仍施行",
            'the basis "{law}" of "{what}" ends on {day}{instead_en}; the rule goes on after that day',
        ),
        (
            "请改写依据和规则，或者用 effective.to 使规则同日停止施行。",
            "Rewrite the rule and its basis, or end the rule on that day with effective.to.",
        ),
        (
            "所依据的法规废止或者失效后，规则就失去了根据。在 rulesets/laws/ 中登记一次废止，"
            "所有以它为依据的规则都会列出来；tongban impact 列出全部受影响的地方。",
            "Once a law is gone, so is the ground of the rule. Recorded once in rulesets/laws/, a "
            "repeal finds every rule that rests on it; `tongban impact` lists them all.",
        ),
        "法律法规修订、废止时列出全部受影响事项（智能调整功能）",
        "basis: {law: 旧示例办法, article: 第一条, verified: true}\n---\n"
        "law: old_rules\ntitle: 旧示例办法\neffective: {from: 2001-01-01, to: 2020-12-31}\n"
        "replaced_by: 示例法",
        "basis: {law: 示例法, article: 第一条, verified: true}\n---\n"
        "law: old_rules\ntitle: 旧示例办法\neffective: {from: 2001-01-01, to: 2020-12-31}\n"
        "replaced_by: 示例法",
    ),
    "remedy-missing": Lint(
        "warning",
        ("“{what}”没有写明补救办法", '"{what}" has no remedy'),
        (
            "每一条不满足都要告诉申请人怎么办：请补 remedy。",
            "Each failure tells the applicant what to do: add remedy.",
        ),
        (
            "只说YES不说NO：每一个“不”都要同时给出办成的办法。",
            "Whoever says no also says how it can be done.",
        ),
        "只说YES不说NO（县级政务服务改革方案）",
        "facts: {有章程: {type: boolean}}\ncriteria:\n"
        "  - {id: charter, stage: 审查, point: 有章程, require: 有章程, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
        "facts: {有章程: {type: boolean}}\ncriteria:\n"
        "  - {id: charter, stage: 审查, point: 有章程, require: 有章程, remedy: 制定章程后提交, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
    ),
    "approval-disguised": Lint(
        "warning",
        (
            "“{title}”是{type}，{sign_zh}，而设定依据不是法律、行政法规或者国务院决定",
            '"{title}" is {type}, {sign_en}, and does not rest on a law, '
            "an administrative regulation or a State Council decision",
        ),
        (
            "请补足够层级的设定依据；没有的，取消审查和不予的后果，改为告知性备案。",
            "Add a basis of that rank; where there is none, refuse nobody.",
        ),
        (
            "以备案、登记、注册、目录、年检、监制、认定、认证、征求意见等名义，"
            "实际上可以拒绝的，是变相审批。",
            "What is called filing or registration but can refuse is approval in disguise.",
        ),
        "清理以备案、登记、注册、目录、年检、监制、认定、认证等名义实施的变相审批"
        "（县级政务服务改革方案）",
        "type: 行政备案\nbasis: {law: 示例市某某管理办法, article: 第一条, verified: true}\n"
        "facts: {有章程: {type: boolean}}\ncriteria:\n"
        "  - {id: charter, stage: 审查, point: 有章程, require: 有章程, remedy: 制定章程后提交, "
        "basis: {law: 示例法, article: 第二条, verified: true}}",
        "type: 行政备案\nbasis: {law: 示例市某某管理办法, article: 第一条, verified: true}\n"
        "facts: {有章程: {type: boolean}}\ncriteria:\n"
        "  - {id: charter, stage: 审查, point: 有章程, require: 有章程, effect: remind, "
        "remedy: 制定章程, basis: {law: 示例法, article: 第二条, verified: true}}",
    ),
}
