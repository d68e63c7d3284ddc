"""The words of what a proof of whole review rules finds, beside those of tables in `proof_codes`."""

from typing import Literal

# Message in Chinese and English, help in Chinese and English, severity.
_Words = tuple[str, str, str, str, Literal["error", "warning"]]
REVIEW_PROOF_CODES: dict[str, _Words] = {
    "conclusion-not-one": (
        "{way}路径上有申请得不出恰好一个结论：{about}：{case}{where}",
        "on the path {way_en}, some application has not exactly one conclusion: {about}: "
        "{case_en}{where_en}",
        "引擎说：{said}请补上漏掉的情形，或改正互相冲突的规则。",
        "The engine says: {said} Cover the case that is left out, or change the rules that clash.",
        "error",
    ),
    "approval-impossible": (
        "{way}路径上无论怎样申请都得不到“准予”{where}",
        "on the path {way_en}, no application can be approved{where_en}",
        "各项条件或材料互相矛盾：请核对审查要点和结论规则。",
        "The requirements contradict each other: check criteria and conclusion rules.",
        "error",
    ),
    "criterion-never-fails": (
        "审查要点“{point}”永远不会不满足，审与不审都一样",
        'the criterion "{point}" can never fail: reviewing it changes nothing',
        "请删去它，或改正它的条件（require、when）。",
        "Remove it, or correct its conditions (require, when).",
        "warning",
    ),
    "criterion-never-met": (
        "审查要点“{point}”永远不会满足",
        'the criterion "{point}" can never be met',
        "没有人能满足的条件等于不许可：请改正它的条件（require、when）。",
        "A condition that nobody can meet refuses everybody: correct require or when.",
        "warning",
    ),
    "path-never-open": (
        "{way}路径永远进不去：它的进入条件不可能成立",
        "the path {way_en} is never open: its entry condition cannot hold",
        "请改正进入条件（entry），或删去这条路径。",
        "Correct its entry condition, or remove the path.",
        "warning",
    ),
    "paths-overlap": (
        "{way}与{other}两条路径可以同时进入，又没有写明先后：{case}{where}",
        "the paths {way_en} and {other_en} are open to the same case, in no order: {case_en}{where_en}",
        "请使两个进入条件互不相交，或给它们写上不同的先后（order）。",
        "Make the entry conditions exclude each other, or give them different `order`.",
        "warning",
    ),
    "criterion-not-monotone": (
        "审查要点“{point}”对“{fact}”不单调：{case}时满足，而“{fact}”{change}反而不满足{where}",
        'the criterion "{point}" is not monotone in {fact}: met at {case_en}, '
        "and no longer at {change_en}{where_en}",
        "写明了 monotone 的条件，不得对更有利的事实作出更差的判断：请改正 require，或去掉 monotone。",
        "A criterion declared monotone may not judge a better fact worse: correct it or the key.",
        "error",
    ),
    "review-unproved": (
        "未证明：{claim}：{reason}{where}",
        "not proved: {claim_en}: {reason_en}{where_en}",
        "未证明不等于有错，也不等于没有错：请先安装缺少的求解器；已安装的，可加长 --timeout，"
        "或把列出的内容改写为可以判定的条件。",
        "Not proved is neither right nor wrong: install the solver if it is missing; else give more "
        "time, or write what is named otherwise.",
        "warning",
    ),
}
