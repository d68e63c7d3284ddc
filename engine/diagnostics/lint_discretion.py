"""Lints of discretion: what a person still judges is declared, with its factors and bounds."""

from engine.diagnostics.lint import Lint

_BASIS = "basis: {law: 示例法, article: 第二条, verified: true}"

DISCRETION_LINTS: dict[str, Lint] = {
    "discretion-word": Lint(
        "warning",
        (
            "“{text}”含自由裁量用语“{word}”",
            '"{text}" has the discretionary word "{word}"',
        ),
        (
            "请写成可以判定的标准；确须由人判断的，在该审查要点下写 judgement（因素和界限）。",
            "Write what can be decided; where a person must judge, declare it in `judgement`.",
        ),
        (
            "零自由裁量：同样的事实得出同样的结论。“酌情”“原则上”“一般情况下”“必要时”"
            "让结论因人而异。审查要点写了 judgement 的，它自己的文字不再报告。",
            "The same facts, the same conclusion. Words like these let it depend on the person. The "
            "texts of a criterion with `judgement` are not reported.",
        ),
        "审查标准不得有自由裁量用语（审查工作细则；同标准审批、无差别受理）",
        "facts: {布局合理: {type: boolean, given_by: 审查人员}}\ncriteria:\n"
        "  - {id: layout, stage: 审查, point: 布局原则上合理, require: 布局合理, "
        f"remedy: 调整布局, {_BASIS}}}",
        "facts: {布局合理: {type: boolean, source: 现场勘验, given_by: 审查人员}}\ncriteria:\n"
        "  - id: layout\n    stage: 审查\n    point: 布局适当\n    require: 布局合理\n"
        f"    remedy: 调整布局\n    {_BASIS}\n"
        "    judgement:\n      fact: 布局合理\n      by: 审查人员\n"
        "      factors: [清洁区与污染区分开, 流线不交叉]\n"
        "      bounds: 两项因素都具备的为合理，缺一项即为不合理；不得考虑其他因素\n"
        f"      {_BASIS}",
    ),
    "judgement-fact": Lint(
        "error",
        (
            "“{point}”的裁量结果“{fact}”{problem_zh}",
            'the judgement of "{point}" is the fact "{fact}", which {problem_en}',
        ),
        (
            "请声明 {fact}: {{type: boolean, source: 现场勘验, given_by: 审查人员}}（来源照实写），"
            "并在 require 中读它。",
            "Declare {fact}: {{type: boolean, source: …, given_by: …}} and read it in `require`.",
        ),
        (
            "人的判断以一个“是否”事实进入规则：谁给的、依据哪些因素，都留有记录；没有给出前待核。"
            "它不能由申请人在表单里自己填，也不能由规则计算。",
            "A person's judgement enters the rules as one yes-or-no fact, given by that person; until "
            "then it is pending. Neither the applicant nor a rule may supply it.",
        ),
        "保留的裁量须写明因素和界限并留痕（审查工作细则）",
        "facts: {面积: {type: decimal}}\ncriteria:\n"
        "  - id: layout\n    stage: 审查\n    point: 布局适当\n    require: 面积 > 0\n"
        f"    remedy: 调整布局\n    {_BASIS}\n"
        "    judgement: {fact: 布局合理, by: 审查人员, factors: 流线不交叉, "
        f"bounds: 流线交叉即为不合理, {_BASIS}}}",
        "facts: {布局合理: {type: boolean, source: 现场勘验, given_by: 审查人员}}\ncriteria:\n"
        "  - id: layout\n    stage: 审查\n    point: 布局适当\n    require: 布局合理\n"
        f"    remedy: 调整布局\n    {_BASIS}\n"
        "    judgement: {fact: 布局合理, by: 审查人员, factors: 流线不交叉, "
        f"bounds: 流线交叉即为不合理, {_BASIS}}}",
        is_adjustable=False,
    ),
}
