"""The words that a flow may use: conditions, days to count from, names of periods.

`casework` carries the conditions out; a test holds both lists together.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NEED_TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "acceptable": ("没有须补正的，也不属于不予受理", "nothing to correct or to decline"),
        "declinable": ("规则认定不予受理，或写明理由和依据", "found so by rule, or reasons given"),
        "another_of_department": ("由承办部门的另一人", "by somebody else of the department"),
        "of_department": ("由承办部门的人", "by somebody of the department"),
        "owner": ("由申请人本人", "by the applicant"),
        "correctable": ("有须补正的内容；告知书以外的须说明理由", "something to correct"),
        "not_judged": ("不含由审查人员判断的内容", "nothing that officers judge"),
        "supplies_something": ("补充了内容或材料", "something is supplied"),
        "evaluated": ("系统已经审查", "evaluated by rule"),
        "answerable": ("只认定待核的或者须判断的内容", "only what is pending or judged"),
        "follows_finding": ("结论与规则审查的结果一致", "the outcome follows the finding"),
        "another_person": ("不是审查人本人（一审一核）", "not whoever reviewed it"),
        "opinion_current": ("审查意见与现在的审查结果一致", "the opinion fits the finding"),
        "refusal_reasoned": ("不予的写明理由、依据和救济途径", "a refusal has its reasons"),
        "granted_by_rule": ("即办件，且全部由机器核验为准予", "instant, and verified by machine"),
        "renewal_timely": ("按期提出的延续申请", "a renewal applied for in time"),
        "rechecks_settled": ("没有待处理的复核单", "no re-examination is open"),
        "recheck_open": ("有待处理的复核单", "a re-examination is open"),
        "settled_by_another": ("由复核单当事人以外的人", "by somebody not involved"),
        "special_closed": ("该特殊环节没有在进行", "the special stage is not under way"),
        "special_open": ("该特殊环节正在进行", "the special stage is under way"),
        "specials_ended": ("没有进行中的特殊环节", "no special stage is under way"),
        "extended_once": ("没有延长过", "not extended before"),
        "given_to_another": ("转给另一人", "to somebody else"),
        "member": ("由待提意见的部门", "by a department that is asked"),
        "objected": ("各部门意见到齐且有不同意的", "all answered, and one objects"),
        "joint_settled": ("各部门意见到齐；有异议的已会商", "all answered, objections settled"),
        "late_task": ("任务到期未办", "a task is late"),
        "nothing_to_follow": ("容缺材料已补齐", "nothing is still to follow"),
        "something_to_follow": ("有待补齐的容缺材料", "something is to follow"),
        "own_duty": ("是自己的义务", "one's own duty"),
        "check_open": ("承诺待核查", "a commitment is to be checked"),
        "rectify_open": ("正在限期整改", "something is to be put right"),
        "rectify_over": ("整改期限已过", "the time to put it right is over"),
        "two_officers": ("两名以上人员核查", "two officers or more"),
        "another_than_before": ("由另一人", "by somebody else"),
        "appealable": ("写明救济途径", "says where to appeal"),
        "ground_given": ("写明法定事由", "names its legal ground"),
        "repairable": ("可以修复信用", "credit can be repaired"),
        "falsely_applied": ("被拒绝，且未作过认定", "was refused, and not warned before"),
        "papers_entered": ("纸质证照已经补登", "paper licences are entered"),
        "paper_known": ("是本件需要的证照", "a licence that the case needs"),
        "asked_department": ("写明向谁、查什么", "whom is asked what"),
        "of_task_department": ("由任务所属的部门", "by the department of the task"),
        "department_answer": ("答复属实、不属实或无法核实", "true, untrue or not to be told"),
        "disputable": ("与登记数据有差异", "differs from a register"),
        "granted": ("决定准予", "granted"),
        "not_issued": ("尚未制发", "not issued yet"),
        "unsealed": ("尚未签章", "not sealed yet"),
        "result_issued": ("结果证照已经制发", "the result is issued"),
        "may_collect": ("本人，或有授权", "the holder, or with an authorisation"),
    }
)

# Days of a case that law counts from, beside the day on which a state was entered.
DAY_TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "received": ("收到申请（补正材料）之日", "the day it was received"),
        "accepted": ("受理之日", "the day of acceptance"),
        "decided": ("决定之日", "the day of the decision"),
        "licence_expires": ("原证有效期届满日", "the last day of the licence to renew"),
    }
)

# Periods that a matter may name by itself.
PERIOD_TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "correction": ("告知补正的期限", "time to give notice"),
        "supply": ("申请人补正的期限", "time to correct"),
        "promise": ("承诺办结时限", "promised time"),
        "statutory": ("法定办结时限", "statutory time"),
        "extension": ("可延长的时限", "time it may be extended by"),
    }
)
