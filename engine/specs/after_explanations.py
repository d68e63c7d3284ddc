"""What each step about licences, commitments and others' answers means, in Chinese."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

AFTER_EXPLANATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "出件人员于 {on:date} 制发证照": "给结果证照编号、签发并加盖电子印章。",
        '证照持有人于 {on:date} 领取证照，出示证件号码"{number}"': "来人自称是申请人本人。",
        '代理人"{name}"于 {on:date} 领取证照，没有授权': "他人代领，没有授权委托书。",
        '代理人"{name}"于 {on:date} 领取证照，授权是"{authorisation}"': "他人代领，授权已核验。",
        '证照于 {on:date} 寄往"{address}"，物流单号是"{tracking}"': "证照寄送给申请人。",
        '在 {on:date} 查验证照，状态是"{status}"': "公众查验看到的状态：有效、撤销、注销或失效。",
        "证照有效期至 {day:date}": "证照的最后一个有效日。",
        '证照上的"{field}"是"{value}"': "证照上的一栏，与决定时一致。",
        '证照已由"{way}"领取': "本人、代理人或邮寄。",
        "核查人员于 {on:date} 核查承诺属实": "两名核查人员认定承诺已履行。",
        '核查人员于 {on:date} 认定承诺虚假，理由是"{reason}"': (
            "两名核查人员认定承诺虚假，直接撤销决定。"
        ),
        '一名核查人员于 {on:date} 独自认定承诺虚假，理由是"{reason}"': "只有一名核查人员，应被拒绝。",
        '核查人员于 {on:date} 责令在 {due:date} 前整改，理由是"{reason}"': "未履行承诺，责令限期整改。",
        "核查人员于 {on:date} 认定整改合格": "已经整改，决定仍然有效。",
        '核查人员于 {on:date} 以未整改撤销决定，理由是"{reason}"': "整改期限届满仍不符合条件。",
        '部门负责人于 {on:date} 撤销决定，事由是"{ground}"': "因其他事由撤销决定。",
        '部门负责人于 {on:date} 注销证照，事由是"{ground}"': "依法办理注销。",
        "部门负责人于 {on:date} 确认信用修复": "申请人完成信用修复。",
        '申请人于 {on:date} 报告已履行"{title}"': "被许可人报告履行了一项后续义务。",
        '决定被撤销，事由是"{ground}"': "决定被撤销，写明理由和复议、诉讼途径。",
        "{years:integer} 年内不得再次申请": "因撤销而不得再次申请的年数。",
        '发出的信用事件包括"{words}"': "已通知信用登记系统。",
        "没有发出信用事件": "没有给申请人记入失信。",
        '待办任务"{title}"的期限是 {day:date}': "一项待办任务的最后一日。",
        '待办任务"{title}"由"{who}"办理': "待办任务由谁办理。",
        '待办任务"{title}"已逾期': "时钟已经标明逾期。",
        '没有待办任务"{title}"': "已经完成，或者本来没有。",
        '窗口于 {on:date} 对材料"{title}"启动补登，证照编号是"{number}"': (
            "证照库中查不到的纸质证照，请颁发单位补登。"
        ),
        '窗口于 {on:date} 就材料"{title}"请"{department}"协查': "请其他部门核实，申请人无须提供。",
        '"{department}"于 {on:date} 答复协查：{answer:name}': "属实、不属实或无法核实，并署名。",
        '申请人于 {on:date} 对登记的"{fact}"提出异议，理由是"{reason}"': "申请人认为登记的数据有误。",
        '办件中"{fact}"的差异仍然保留': "两边的数据都没有被覆盖。",
        '办件中材料"{title}"的状态是"{status}"': "最近一次审查中材料的状态。",
        "逐次审查都能离线重演，结果一字不差": "按回执逐次重演审查。",
    }
)
