"""Every sentence of the notices of a case, in Chinese and English; braces are filled when written.

A sentence that speaks of what is not given is left out; what a kind cannot do without is named in its
`needs`. Titles are those of the document sets of the field (受理通知书, 一次性补正告知书 …).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.papers.notice_data import NoticeKind
from engine.prose import NOTHING, Words

_NEXT = Words("下一步", "What next")


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """What one kind of notice says, in order: opening, items, what follows, appeal, contacts."""

    title: Words
    needs: tuple[str, ...]
    opening: tuple[Words, ...]
    items: Words = NOTHING  # the heading of the items
    after: tuple[Words, ...] = ()
    after_heading: Words = _NEXT
    basis: str = ""  # in the 行政许可法, for licences
    is_refusal: bool = False  # takes something away: reasons, basis and appeal are obligatory
    is_for_organ: bool = False
    lists_materials: bool = False  # what was received
    is_form: bool = False  # to be filled in by hand: addressed and signed by nobody


FORMS: Mapping[NoticeKind, NoticeForm] = {
    "acceptance": NoticeForm(
        Words("受理通知书", "Notice of acceptance"),
        ("applied_on", "accepted_on"),
        (
            Words(
                "{you}于{applied_on}提出的“{matter}”申请（办件编号：{case_number}），申请材料齐全，"
                "符合法定形式，属于本机关职权范围，现于{accepted_on}予以受理。",
                'Your application of {applied_on} for "{matter}" (case {case_number}) is complete and in '
                "due form, falls to this authority, and is accepted on {accepted_on}.",
            ),
            Words("受理依据：{basis}。", "Legal basis: {basis}."),
            Words(
                "承诺办结时限为{period}，至{due}（含当日）{provisional}。依法不计入时限的检验、检测、鉴定、"
                "专家评审等时间除外。",
                "It will be decided within {period}, by {due} (that day included){provisional}, not "
                "counting the time that the law leaves out for tests, expert review and the like.",
            ),
        ),
        after=(
            Words(
                "办理进度凭办件编号查询。",
                "Follow the case by its number.",
            ),
        ),
        lists_materials=True,
        basis="第三十二条",
    ),
    "correction": NoticeForm(
        Words("一次性补正告知书", "One-time notice of corrections"),
        ("applied_on", "items", "due"),
        (
            Words(
                "{you}于{applied_on}提出的“{matter}”申请（办件编号：{case_number}）需要补正。"
                "需要补正的内容共 {count} 项，已全部列在下面。",
                'Your application of {applied_on} for "{matter}" (case {case_number}) needs corrections. '
                "All of them, {count} in number, are listed below.",
            ),
            Words("告知依据：{basis}。", "Legal basis: {basis}."),
        ),
        Words("需要补正的内容", "To be corrected"),
        (
            Words(
                "请于{due}前（含当日）{provisional}一次补齐。除因补正新产生的问题外，不会再要求补充其他内容。",
                "Hand in everything together by {due} (that day included){provisional}. Nothing else will "
                "be asked for, except what the corrections themselves give rise to.",
            ),
            Words("逾期未补正的，{consequence}。", "If this is not done in time: {consequence}."),
        ),
        Words("期限和方式", "By when and how"),
        basis="第三十二条",
        lists_materials=True,
    ),
    "correction_receipt": NoticeForm(
        Words("一次性补正告知书回执", "Receipt for the notice of corrections"),
        ("items",),
        (
            Words(
                "已收到“{matter}”（办件编号：{case_number}）的一次性补正告知书，"
                "知悉需要补正的全部 {count} 项内容。",
                'The notice of corrections for "{matter}" (case {case_number}) was received; all {count} '
                "corrections are known.",
            ),
        ),
        is_form=True,
    ),
    "non_acceptance": NoticeForm(
        Words("不予受理告知书", "Notice of non-acceptance"),
        ("applied_on", "items"),
        (
            Words(
                "{you}于{applied_on}提出的“{matter}”申请（办件编号：{case_number}），经核对，决定不予受理。"
                "理由和依据如下。",
                'Your application of {applied_on} for "{matter}" (case {case_number}) cannot be accepted. '
                "The reasons and their legal basis follow.",
            ),
            Words("决定依据：{basis}。", "Legal basis: {basis}."),
        ),
        Words("不予受理的理由", "Reasons"),
        (
            Words("请向{elsewhere}申请。", "Please apply to {elsewhere}."),
            Words(
                "按各条“怎么办”处理后，可以再次申请。",
                "You may apply again once these points are put right.",
            ),
        ),
        Words("可以怎么办", "What you can do"),
        basis="第三十二条",
        is_refusal=True,
    ),
    "special_procedure": NoticeForm(
        Words("特别程序告知书", "Notice of a special procedure"),
        ("stage", "period"),
        (
            Words(
                "{you}的申请已于{accepted_on}受理。",
                "Your application was accepted on {accepted_on}.",
            ),
            Words(
                "“{matter}”（办件编号：{case_number}）依法需要进行{stage}，所需时间为{period}，不计入办结时限。",
                'The law requires {stage} for "{matter}" (case {case_number}); it takes {period}, which '
                "does not count towards the time limit.",
            ),
            Words("依据：{basis}。", "Legal basis: {basis}."),
            Words("原因：{reason}。", "Why: {reason}."),
            Words(
                "{stage}自{effective_on}开始，预计于{due}前（含当日）{provisional}完成；完成后办结时限继续计算。",
                "It begins on {effective_on} and is expected to end by {due}{provisional}; then the time "
                "limit runs on.",
            ),
        ),
        basis="第四十五条",
    ),
    "extension": NoticeForm(
        Words("延长审批期限告知书", "Notice of an extended time limit"),
        ("reason", "period", "due", "approver"),
        (
            Words(
                "{you}的申请已于{accepted_on}受理。",
                "Your application was accepted on {accepted_on}.",
            ),
            Words(
                "“{matter}”（办件编号：{case_number}）因{reason}，不能在规定期限内作出决定。经{approver}批准，"
                "办理期限延长{period}，至{due}（含当日）{provisional}。",
                '"{matter}" (case {case_number}) cannot be decided in time because {reason}. As allowed by '
                "{approver}, the time is extended by {period}, until {due} (that day "
                "included){provisional}.",
            ),
            Words("延长依据：{basis}。", "Legal basis: {basis}."),
        ),
        basis="第四十二条",
    ),
    "delivery_receipt": NoticeForm(
        Words("送达回证", "Proof of delivery"),
        ("delivered",),
        (),
        is_form=True,
    ),
    "rectification": NoticeForm(
        Words("责令限期整改通知书", "Order to put right within a time"),
        ("items", "due", "basis"),
        (
            Words(
                "{you}以告知承诺方式办理“{matter}”（办件编号：{case_number}）。",
                'You obtained "{matter}" (case {case_number}) by commitment.',
            ),
            Words(
                "本机关已于{decided_on}作出决定。",
                "It was decided on {decided_on}.",
            ),
            Words("涉及的证照：{licence}。", "The licence concerned: {licence}."),
            Words(
                "经核查，下列承诺没有履行。根据{basis}，责令于{due}前（含当日）{provisional}改正。",
                "On inspection the following commitments were found unfulfilled. By {basis} you are "
                "ordered to fulfil them by {due} (that day included){provisional}.",
            ),
        ),
        Words("需要整改的内容", "To be put right"),
        (
            Words("逾期不改正的，{consequence}。", "If this is not done in time: {consequence}."),
            Words(
                "改正后请告知本机关复查。",
                "Tell this authority when it is done, for it to be checked again.",
            ),
        ),
        is_refusal=True,
    ),
    "revocation": NoticeForm(
        Words("撤销决定书", "Decision of revocation"),
        ("items", "basis", "decided_on"),
        (
            Words(
                "经查明下列事实，根据{basis}，决定撤销于{decided_on}就“{matter}”（办件编号：{case_number}）"
                "作出的决定。",
                'On the facts below, and by {basis}, the decision of {decided_on} on "{matter}" (case '
                "{case_number}) is revoked.",
            ),
            Words("一并撤销的证照：{licence}。", "The licence revoked with it: {licence}."),
        ),
        Words("撤销的事实和理由", "Facts and reasons"),
        (
            Words("{consequence}。", "{consequence}."),
            Words("撤销自{effective_on}起生效。", "The revocation takes effect on {effective_on}."),
        ),
        Words("撤销的后果", "What follows"),
        basis="第六十九条",
        is_refusal=True,
    ),
    "withdrawal": NoticeForm(
        Words("撤回申请确认书", "Confirmation of withdrawal"),
        ("effective_on",),
        (
            Words(
                "{you}于{effective_on}撤回“{matter}”申请（办件编号：{case_number}），现予确认，该申请的办理即行终止。",
                'Your withdrawal on {effective_on} of the application for "{matter}" (case {case_number}) '
                "is confirmed; its handling has ended.",
            ),
            Words("撤回的原因：{reason}。", "Reason: {reason}."),
        ),
        after=(
            Words(
                "撤回不影响以后再次申请。",
                "You may apply again at any time.",
            ),
        ),
    ),
    "deemed_withdrawn": NoticeForm(
        Words("视为撤回申请通知书", "Notice of deemed withdrawal"),
        ("reason", "basis", "effective_on"),
        (
            Words(
                "{you}的申请于{applied_on}提出。",
                "You applied on {applied_on}.",
            ),
            Words(
                "因{reason}，根据{basis}，{you}的“{matter}”申请（办件编号：{case_number}）自{effective_on}起"
                "视为撤回，办理终止。",
                'Because {reason}, your application for "{matter}" (case {case_number}) is deemed withdrawn '
                "from {effective_on} by {basis}; its handling has ended.",
            ),
        ),
        Words("没有完成的内容", "What was left undone"),
        (
            Words(
                "备齐后可以再次申请。",
                "You may apply again once everything is at hand.",
            ),
        ),
        is_refusal=True,
    ),
    "deemed_accepted": NoticeForm(
        Words("视为受理通知书", "Notice of deemed acceptance"),
        ("applied_on", "basis", "effective_on"),
        (
            Words(
                "{you}于{applied_on}提出的“{matter}”申请（办件编号：{case_number}），本机关没有在规定期限内"
                "告知需要补正的全部内容。根据{basis}，自收到申请材料之日即{effective_on}起视为受理。",
                'You applied for "{matter}" (case {case_number}) on {applied_on}, and were not told in time '
                "of everything to correct. By {basis} the application counts as accepted from the day "
                "it was received, {effective_on}.",
            ),
            Words(
                "承诺办结时限为{period}，自该日起计算，至{due}（含当日）{provisional}。",
                "It will be decided within {period} of that day, by {due} (that day included){provisional}.",
            ),
        ),
        basis="第三十二条",
    ),
    "deemed_renewed": NoticeForm(
        Words("视为准予延续通知书", "Notice of deemed renewal"),
        ("applied_on", "basis", "effective_on"),
        (
            Words(
                "{you}于{applied_on}申请延续“{matter}”（办件编号：{case_number}），本机关没有在有效期届满前"
                "作出决定。根据{basis}，自{effective_on}起视为准予延续。",
                'You applied on {applied_on} to renew "{matter}" (case {case_number}), and it was not '
                "decided before it expired. By {basis} it counts as renewed from {effective_on}.",
            ),
            Words("延续的证照：{licence}。", "The licence renewed: {licence}."),
            Words(
                "延续后的有效期自{valid_from}至{valid_to}。",
                "It is now valid from {valid_from} to {valid_to}.",
            ),
        ),
        basis="第五十条",
    ),
    "assistance": NoticeForm(
        Words("部门协查函", "Request for verification"),
        ("to_organ", "items", "due"),
        (
            Words(
                "因办理“{matter}”（办件编号：{case_number}，申请人：{party}）需要，请协助核实下列内容，"
                "并于{due}前（含当日）{provisional}答复。",
                'For the handling of "{matter}" (case {case_number}, applicant {party}), please verify the '
                "following and answer by {due} (that day included){provisional}.",
            ),
            Words("协查依据：{basis}。", "Legal basis: {basis}."),
        ),
        Words("请协助核实的内容", "To be verified"),
        (
            Words(
                "每一项请答复“属实”“不属实”或者“无法核实”，并加盖印章。能够核实的，不再要求申请人提交证明。",
                'Answer each with "true", "not true" or "cannot be verified", under seal. What you verify '
                "the applicant need not prove.",
            ),
        ),
        Words("如何答复", "How to answer"),
        is_for_organ=True,
    ),
    "opinions": NoticeForm(
        Words("征求意见汇总表", "Opinions received"),
        ("opinions",),
        (
            Words(
                "就“{matter}”（办件编号：{case_number}，申请人：{party}）征求意见，"
                "共收到 {opinion_count} 条，汇总如下。",
                'On "{matter}" (case {case_number}, applicant {party}) {opinion_count} opinions were '
                "received.",
            ),
        ),
        is_form=True,
    ),
}

LICENSING_LAW = "《中华人民共和国行政许可法》"
NEEDED: Mapping[str, Words] = {
    "applied_on": Words("申请日期", "the day of application"),
    "accepted_on": Words("受理日期", "the day of acceptance"),
    "decided_on": Words("原决定日期", "the day of the decision"),
    "effective_on": Words("生效日期", "the day it takes effect"),
    "items": Words("逐条的内容或者理由", "the items or reasons"),
    "basis": Words("法律依据", "the legal basis"),
    "item_basis": Words("每条理由的依据", "the legal basis of each reason"),
    "due": Words("期限届满日", "the last day"),
    "period": Words("期限", "the period"),
    "reason": Words("原因", "the reason"),
    "stage": Words("特别程序的名称", "which special procedure"),
    "approver": Words("批准人", "who allowed it"),
    "delivered": Words("送达文书的名称", "which paper is delivered"),
    "to_organ": Words("协查单位", "the organ asked"),
    "opinions": Words("各单位的意见", "the opinions"),
}
INCOMPLETE = Words(
    "{title}还不能出具，缺少：{missing}", "{title} cannot be issued; missing: {missing}"
)
MATERIALS = Words("收到的材料", "Materials received")
DUE = Words("期限", "By")
APPEAL = Words(
    "可以自收到本文书之日起六十日内向{body}申请行政复议；也可以自收到之日起六个月内依法向{court}提起行政诉讼"
    "（起诉期限以《行政诉讼法》的规定为准）。",
    "You may apply to {body} for administrative reconsideration within 60 days of receiving this paper, "
    "or sue before {court} within six months of receiving it (the Administrative Litigation Law decides "
    "about that time).",
)
PROVISIONAL = Words(
    "（暂定，该年度放假安排公布后重新计算）",
    " (provisional until that year's holidays are published)",
)

# --- forms to be filled in -----------------------------------------------------------------------

DATE_BLANK = Words("　　　　年　　月　　日", "(day, month, year)")
CASE = Words("办件编号", "Case")
MATTER = Words("事项", "Matter")
PAPER = Words("送达文书", "Paper delivered")
NOTICE_NUMBER = Words("告知书文号", "Number of the notice")
ITEM_COUNT = Words("补正内容", "Corrections")
ITEM_COUNT_VALUE = Words("共 {count} 项，见告知书", "{count}, see the notice")
RECIPIENT = Words("受送达人", "Delivered to")
METHOD = Words("送达方式", "How delivered")
PLACE = Words("送达地点", "Where")
RECEIVED_ON = Words("收到日期", "Received on")
SIGNED = Words("受送达人签名或者盖章", "Signature or seal of the recipient")
SIGNED_BY_APPLICANT = Words("申请人（代理人）签名", "Signature of the applicant or agent")
PHONE = Words("联系电话", "Phone")
PROXY = Words("代收人及其与受送达人的关系", "Received by proxy: who, and in which relation")
REFUSED = Words("未能送达的原因", "Why it could not be delivered")
SERVED_BY = Words("送达人", "Delivered by")
REMARKS = Words("备注", "Remarks")
OPINION_COLUMNS = (
    Words("序号", "No."),
    Words("单位", "Organ"),
    Words("意见", "Opinion"),
    Words("采纳情况", "Adopted"),
    Words("说明", "Why"),
)
ADOPTED = Words("采纳", "yes")
NOT_ADOPTED = Words("未采纳", "no")
UNDECIDED = Words("待研究", "undecided")
ANSWER_COLUMNS = (
    Words("序号", "No."),
    Words("答复（属实、不属实、无法核实）", "Answer"),
    Words("说明", "Remarks"),
)
ANSWER = Words("答复", "Answer")
ANSWERED_BY = Words("答复单位（盖章）和日期", "Answered by (seal), on")
