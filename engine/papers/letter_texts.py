"""Every sentence that letters are made of, in Chinese and English; braces are filled when written."""

from engine.prose import Words

TITLES = {
    "准予": Words("{outcome}{paper}", "Notice of approval"),
    "不予": Words("{outcome}{paper}", "Notice of refusal"),
    "不予受理": Words("不予受理通知书", "Notice of non-acceptance"),
    "补正": Words("补正一次性告知书", "One-time notice of corrections"),
    "待核": Words("待核实事项告知书", "Notice of matters to be verified"),
}
DEAR = Words("{name}：", "Dear {name},")
NOBODY = Words("申请人", "applicant")
APPLIED = Words(
    "{you}于{day}申请办理“{matter}”，本次按{path}程序办理（{reason}）。",
    'On {day} you applied for "{matter}"; it was handled in the {path_en} procedure ({reason}).',
)
VERDICTS = {
    "准予": Words(
        "经审查，{which}的 {held} 项审查要点全部满足{pledged}，决定：{outcome}。",
        "All {held} criteria that {which} hold{pledged}. The application is granted.",
    ),
    "不予": Words(
        "经审查，申请不符合规定的条件，决定：{outcome}。理由、依据和可以怎么办，逐条写在下面。",
        "The application does not meet the conditions and is refused. Each reason, its legal basis "
        "and what you can do are below.",
    ),
    "不予受理": Words(
        "经核对，本次申请不能受理，决定：{outcome}。理由、依据和可以怎么办，逐条写在下面。",
        "The application cannot be accepted. Each reason, its legal basis and what you can do are "
        "below.",
    ),
    "补正": Words(
        "经核对，申请需要补正。需要补正和核实的内容共 {count} 项，已全部列在下面，请一次补齐。",
        "The application needs corrections. Everything to correct or verify is listed below ({count} "
        "in all); hand it in together.",
    ),
    "待核": Words(
        "有的信息目前还没有核实清楚，所以尚未作出决定。这不是不予办理：核实后将继续办理。",
        "Some information is not verified yet, so nothing has been decided. This is not a refusal: "
        "handling goes on once it is verified.",
    ),
}

APPLICABLE = Words("适用", "apply")
DECISIVE = Words("决定结果", "decide the outcome")
PLEDGED = Words("，另有 {count} 项由申请人书面承诺", ", and {count} more were committed to")
REASONS = Words("{outcome}的理由", "Reasons")
TO_CORRECT = Words("需要补正的内容", "To be corrected")
ALSO_TO_CORRECT = Words("再次申请前还需要补正的内容", "Also to be corrected before applying again")
TO_VERIFY = Words("待核实的内容", "To be verified")
SILENT = Words("暂时没有答复的系统", "Registers that did not answer")
PATH = Words("关于所选的办理路径", "About the procedure chosen")
TO_REVIEW = Words("“{point}”这一项须由人工核实", '"{point}" is to be verified by a person')
NOT_MET = Words("“{point}”这一项不满足", '"{point}" is not met')
REQUIRED = Words("审查标准", "What is required")
VALUES_READ = Words("核对的信息", "Values read")
VALUE = Words("{name}为{value}（{source}）", "{name} is {value} ({source})")
SEMICOLON = Words("；", "; ")
BASIS = Words("依据", "Legal basis")
UNVERIFIED = Words("（待对照原文核实）", " (not yet verified)")
PARTLY_VERIFIED = Words("（其中有待对照原文核实的）", " (not all of them verified yet)")
REMEDY = Words("怎么办", "What to do")

DIFFERENCES = Words("填写内容与登记信息不一致", "Where the form and a register differ")
DIFFERENCE = Words(
    "{name}：填写的是“{stated}”，{source}记载的是“{recorded}”",
    '{name}: stated "{stated}", {source} has "{recorded}"',
)
CHOOSE = Words(
    "没有用登记信息覆盖填写的内容。请选择更正表单，或者先办理登记（证照）变更。",
    "Nothing was overwritten. Correct the form, or have the register changed first.",
)
MATERIALS = Words("申请材料的取得情况", "Materials obtained")
LABELLED = Words("{label}：{text}", "{label}: {text}")
COMMITTED = Words("以承诺代替的内容", "Replaced by your commitment")
KEEP_IT = Words(
    "请确保承诺属实并按期履行；承诺不实或者逾期不履行的，将依法处理。",
    "Keep what you committed to: a false or unfulfilled commitment has legal consequences.",
)
BENEFITS = Words("给付内容", "What is granted")
STARTS = Words("，自{day}起", ", from {day}")
DUTIES = Words("今后需要做的事", "What is to be done afterwards")
AUTHORITY = Words("审批部门", "The authority")
UNTIL = Words("，期限至{day}（含当日）", ", until {day} (that day included)")
UNTIL_PROVISIONAL = Words(
    "，期限至{day}（含当日，暂定）", ", until {day} (that day included, provisional)"
)
PROVISIONAL = Words("（暂定）", " (provisional)")
WHY_PROVISIONAL = Words(
    "标有“暂定”的日期，因该年度放假安排尚未公布而暂按周末推算，公布后以重新计算的日期为准。",
    "Provisional dates count weekends only, because that year's holidays are not published yet; "
    "they will be counted again.",
)
REMINDERS = Words("提示（不影响本次结果）", "Reminders, which do not change the outcome")

NEXT = Words("下一步", "What next")
HAND_IN = Words(
    "请按上面各条补齐后一次提交。除因补正新产生的问题外，不会再要求补充其他内容。",
    "Hand in everything above at once. Nothing else will be asked for, except what the corrections "
    "themselves give rise to.",
)
WITHIN = Words("{period}内", "within {period}")
AFTER_CORRECTION = Words("补齐受理后{within}办结。", "It is decided {within} once accepted.")
AFTER_VERIFICATION = Words(
    "核实清楚并受理后{within}办结。", "It is decided {within} once verified and accepted."
)
WAIT = Words(
    "请补充写明由申请人提供的内容；其余由审批部门向有关部门和系统核实，不需要提交材料。",
    "Provide what is marked as yours; the authority verifies the rest, and you submit nothing for it.",
)
PROMISED_BY = Words("承诺办结时限：{period}，至{day}。", "Promised time: {period}, until {day}.")
AGAIN = Words(
    "按各条“怎么办”处理后，可以再次申请。", "You may apply again once these points are put right."
)
DISAGREE = Words("不服本决定怎么办", "If you disagree")
APPEAL = Words(
    "可以自收到本{paper}之日起六十日内向{body}申请行政复议；也可以依法向{court}提起行政诉讼，"
    "起诉期限以《行政诉讼法》的规定为准。",
    "You may apply to {body} for administrative reconsideration within 60 days of receiving this "
    "letter, or sue before {court} within the time set by the Administrative Litigation Law.",
)
REVIEW_BODY = Words("有管辖权的行政复议机关", "the competent reconsideration body")
COURT = Words("有管辖权的人民法院", "the competent people's court")
CONTACT = Words("联系方式", "Contact")
PHONE = Words("咨询电话", "Phone")
WINDOWS = Words("办理地点", "Where")
HOURS = Words("办理时间", "Hours")
COMPLAINTS = Words("监督投诉", "Complaints")
