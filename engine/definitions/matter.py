"""A matter (事项): its facts, materials, criteria, tables, paths, conclusions and guide."""

from typing import Annotated, Literal

from engine.definitions.base import (
    Bases,
    Duration,
    Expression,
    Id,
    Ids,
    Name,
    Part,
    Text,
    Texts,
    Titled,
    key,
    type_of_many,
)
from engine.definitions.conclusions import ConclusionRule, Effect
from engine.definitions.course import JointHandling, Quota, Renewal
from engine.definitions.facts import FactDeclaration, Parameter
from engine.definitions.tables import Table

MatterType = Literal[
    "行政许可",
    "行政处罚",
    "行政强制",
    "行政征收",
    "行政给付",
    "行政检查",
    "行政确认",
    "行政奖励",
    "行政裁决",
    "行政备案",
    "其他行政权力",
    "公共服务",
]
Stage = Literal["受理", "审查", "决定"]
Level = Literal["国家级", "省级", "市级", "县级", "乡镇级", "村级"]
PathId = Literal["general", "commitment", "full_credit", "non_core_credit", "deferral"]
PATH_TITLES: dict[str, str] = {
    "general": "一般",
    "commitment": "告知承诺",
    "full_credit": "全信用",
    "non_core_credit": "非核心要件信用",
    "deferral": "容缺后补",
}


class Judgement(Part):
    """What a person still judges (自由裁量): it enters the rules as one yes-or-no fact."""

    fact: Name = key("判断的结果写入哪个“是否”事实", "the boolean fact that the person gives")
    by: Text = key("由谁判断", "who judges")
    factors: Texts = key(
        "判断时考虑的因素，一项一条；不得考虑其他因素", "the factors, and no other"
    )
    bounds: Text = key("裁量的界限：什么情形为是、什么情形为否", "the bounds of the judgement")
    basis: Bases = key("裁量权的依据", "legal basis of the discretion", tuple)


class Criterion(Part):
    """One review point (审查要点): decidable, with its basis and the way out."""

    id: Id = key("编号", "id")
    stage: Stage = key("环节", "stage")
    point: Text = key("审查要点", "the review point")
    when: Expression | None = key(
        "何时适用（FEEL）；不写则总是适用", "when it applies (FEEL)", None
    )
    require: Expression = key("满足的条件（FEEL）", "what must hold (FEEL)")
    monotone: dict[Name, Literal["up", "down"]] = key(
        "对哪些事实（数字或日期）单调：up 越大（越晚）越容易满足，down 越小（越早）越容易满足；"
        "由 tongban prove 证明",
        "facts it is monotone in: more is better (up) or worse (down); `tongban prove` proves it",
        dict,
    )
    effect: Effect | None = key(
        "不满足的后果：reject 不予受理、refuse 不予、correct 补正、review 转人工核实、remind 提示；"
        "不写则受理环节为 correct，其余为 refuse",
        "what follows when it does not hold",
        None,
    )
    basis: Bases = key("依据", "legal basis", tuple)
    remedy: Text | None = key("不满足时怎么办", "how to put it right", None)
    judgement: Judgement | None = key(
        "确须由人判断的，写明因素和界限，记入裁量清单",
        "a judgement that a person still makes, with its factors and bounds",
        None,
    )
    duty: Text | None = key("审查人责任", "the reviewer's duty", None)
    misconduct: Text | None = key("不当审查的后果", "consequence of improper review", None)

    @property
    def consequence(self) -> Effect:
        return self.effect or ("correct" if self.stage == "受理" else "refuse")


class Check(Part):
    """A condition on the licence that stands for a material."""

    require: Expression = key("证照须满足的条件（FEEL）", "what must hold of the licence (FEEL)")
    reason: Text = key("不满足时的说明", "what is said when it does not hold")
    remedy: Text | None = key("怎么办", "how to put it right", None)


Resolution = Literal["licence", "earlier", "query", "upload", "commitment", "deferral"]
RESOLUTION_TITLES: dict[str, tuple[str, str]] = {
    "licence": ("电子证照", "e-licence"),
    "earlier": ("前序环节", "earlier step"),
    "query": ("部门协查", "department query"),
    "upload": ("申请人提交", "upload"),
    "commitment": ("告知承诺", "commitment"),
    "deferral": ("容缺后补", "deferral"),
}


class Deferral(Part):
    """The material may follow later."""

    within: Duration = key("补齐期限", "within")
    late: Literal["withdrawn"] = key(
        "逾期的后果：视为撤回申请", "when late: deemed withdrawn", "withdrawn"
    )
    basis: Bases = key("依据", "legal basis", tuple)


class MaterialTerms(Part):
    """What a shared material and its use in a matter may both say."""

    issuer: Text | None = key("出具单位", "who issues it", None)
    origin: Literal["申请人自备", "政府部门核发", "其他"] | None = key("来源渠道", "origin", None)
    local: bool | None = key("是否由辖区内部门产生", "produced within the jurisdiction", None)
    form: Literal["纸质", "电子", "纸质或电子"] | None = key("材料形式", "form", None)
    copies: int | None = key("份数", "copies", None, ge=1, le=99)
    satisfied_by: Ids | None = key("可由哪些电子证照免提交", "licences that exempt it", None)
    holder: Name | None = key(
        "证照的持有人由哪个事实给出；不写则为申请人", "fact that gives the licence's holder", None
    )
    checks: Annotated[tuple[Check, ...], type_of_many] | None = key(
        "对证照的条件，FEEL 中以“证照”指它", "conditions on the licence", None
    )
    query: Text | None = key("部门协查：向谁查", "department to query", None)
    generated: Literal["form", "commitment"] | None = key(
        "由系统生成、网上办理不须上传：form 由填写的申请表生成，commitment 由签署的承诺书生成",
        "made by the system: of the form as filled in, or of the commitment as signed",
        None,
    )
    sample: Text | None = key("示范文本", "sample", None)
    mistakes: Texts | None = key("常见错误实例", "common mistakes", None)
    note: Text | None = key("填报须知", "note", None)
    remedy: Text | None = key("缺少时怎么办", "how to put it right", None)
    basis: Bases | None = key("要求提供的依据", "legal basis", None)


class MaterialUse(MaterialTerms):
    """A material that a matter asks for: its own, or a shared one by `use`, with its own terms."""

    id: Id | None = key("编号；引用共用材料时可不写", "id", None)
    use: Id | None = key("引用的共用材料（material）", "shared material", None)
    title: Text | None = key("名称", "title", None)
    when: Expression | None = key("何时需要（FEEL）；不写则必要", "when it is needed (FEEL)", None)
    core: bool = key("是否核心要件", "core", True)
    commitable: bool = key("可否以承诺代替", "may be replaced by a commitment", False)
    deferrable: Deferral | None = key("可否容缺后补", "may follow later", None)
    resolve: Annotated[tuple[Resolution, ...], type_of_many] = key(
        "取得材料的先后",
        "order of resolution",
        ("licence", "earlier", "query", "upload", "commitment", "deferral"),
    )

    @property
    def key(self) -> str:
        """The id the material goes by in the matter."""
        return self.id or self.use or ""


class SharedMaterial(Titled, MaterialTerms):
    """A material that several matters ask for, described once."""

    material: Id = key("编号", "id")


class PathDeclaration(Part):
    """A way to handle the application other than the general one."""

    entry: Expression | None = key("进入条件（FEEL）", "entry condition (FEEL)", None)
    order: int | None = key("先后（小者优先）", "order of preference", None)
    covers: Texts = key("以承诺代替的材料或审查要点", "materials and criteria it covers", tuple)
    duty: Text | None = key("承诺书正文", "text of the commitment", None)
    consequence: Text | None = key(
        "不实承诺的后果（告知内容）", "what follows from a false commitment", None
    )
    promise: Duration | Literal["当场"] | None = key("办结时限", "time to decide", None)
    verify_within: Duration | None = key("核查期限", "verified within", None)
    on_false: Literal["revoke"] | None = key("承诺虚假：撤销", "when false", None)
    on_unfulfilled: Literal["correct_then_revoke", "withdrawn"] | None = key(
        "未履行承诺：限期整改，仍不履行的撤销；或视为撤回", "when unfulfilled", None
    )
    basis: Bases = key("依据", "legal basis", tuple)


class SpecialStage(Part):
    """A stage whose time is not counted (听证、检验、检测、鉴定、专家评审 …)."""

    title: Text = key("名称", "title")
    limit: Duration | None = key("办理时限", "time limit", None)
    stops_clock: bool = key("是否不计入办理时限", "stops the clock", True)
    basis: Bases = key("依据", "legal basis", tuple)


class HandlingStage(Part):
    """One stage of handling (办理环节)."""

    title: Text = key("环节名称", "title")
    office: Text | None = key("办理处室", "office", None)
    handler: Text | None = key("办理人", "who handles it", None)
    within: Duration | None = key("办理时限", "time limit", None)


class Complexity(Part):
    """Why a matter is one of the few complex ones (个别复杂事项) that the usual limits spare."""

    reason: Text = key("理由", "reason")
    approved_by: Text = key("批准机关", "who approved it")


class Time(Part):
    """How long it may take, and how long it is promised to take."""

    statutory: Duration | None = key("法定办结时限", "statutory time", None)
    promise: Duration | Literal["即办", "当场"] | None = key("承诺办结时限", "promised time", None)
    correction: Duration = key("一次性告知补正的时限", "time to give notice", "5 working days")
    supply: Duration | None = key(
        "申请人补正的期限；不写则从流程", "time to correct; the flow's when absent", None
    )
    extension: Duration | None = key(
        "经批准可延长的时限；不写则从流程",
        "time it may be extended by; the flow's when absent",
        None,
    )
    special: Annotated[tuple[SpecialStage, ...], type_of_many] = key(
        "特殊环节", "special stages", tuple
    )
    basis: Bases = key("依据", "legal basis", tuple)


class Obligation(Part):
    """What the holder or the organ must do after the decision."""

    id: Id = key("编号", "id")
    title: Text = key("内容", "what")
    within: Duration = key("期限，自决定之日起", "within, from the decision")
    by: Literal["申请人", "审批部门"] = key("由谁", "by whom", "申请人")
    when: Expression | None = key("何时适用（FEEL）", "when it applies (FEEL)", None)
    basis: Bases = key("依据", "legal basis", tuple)


class Benefit(Part):
    """What is paid or granted, computed by FEEL; shown only when the outcome is 准予."""

    title: Text = key("名称", "title")
    amount: Expression = key("金额或内容（FEEL）", "amount (FEEL)")
    unit: Text | None = key("单位", "unit", None)
    starts: Expression | None = key("自何时起（FEEL 日期）", "from when (FEEL date)", None)
    basis: Bases = key("依据", "legal basis", tuple)


class Result(Part):
    """What the applicant receives."""

    licence: Id | None = key("结果证照（licence）", "licence issued", None)
    title: Text | None = key("结果名称", "title", None)
    valid: Duration | None = key("有效期", "validity", None)
    closing: Literal["出证办结", "出文办结", "审批办结"] | None = key(
        "办结方式", "how the matter ends", None
    )
    sample: Text | None = key("结果样本（名称或者网址）", "sample of the result", None)
    fields: dict[Name, Expression] = key(
        "结果证照各栏的内容（FEEL）；不写的栏取同名事实",
        "what each field of the licence shows (FEEL); the fact of the same name when absent",
        dict,
    )


class Fee(Part):
    """One fee that is taken."""

    title: Text = key("收费项目", "title")
    standard: Text | None = key("收费标准", "standard", None)
    online: bool = key("是否支持网上支付", "may be paid online", False)
    basis: Bases = key("收费依据", "legal basis", tuple)


class Guide(Part):
    """What the service guide says beyond what follows from the definition."""

    windows: Texts = key("办理地点", "where", tuple)
    hours: Text | None = key("办理时间", "hours", None)
    phone: Text | None = key("咨询电话", "phone", None)
    complaints: Text | None = key("监督投诉渠道", "complaints", None)
    review_body: Text | None = key("行政复议机关", "body for administrative reconsideration", None)
    court: Text | None = key("行政诉讼法院", "court", None)
    fee: Text = key("收费依据及标准", "fee", "不收费")
    fees: Annotated[tuple[Fee, ...], type_of_many] = key("收费项目", "the fees, one by one", tuple)
    notes: Texts = key("注意事项", "notes", tuple)
    faq: dict[Text, Text] = key("常见问题", "frequent questions", dict)


class Matter(Titled):
    """A matter as its administrators define it."""

    matter: Id = key("编号", "id")
    aliases: Texts = key("日常用语，供搜索", "everyday words for search", tuple)
    summary: Text | None = key("一句话说明", "in one sentence", None)
    type: MatterType = key("事项类型（GB/T 39046 A.1）", "type of matter")
    level: Level = key("行使层级", "level of government")
    organ: Text = key("实施机关", "organ in charge")
    department: Text | None = key(
        "承办部门：办件分派给它的人员；不写则同实施机关",
        "department whose people handle the cases; the organ when absent",
        None,
    )
    department_code: Text | None = key(
        "承办部门的统一社会信用代码，签发证照时用",
        "the department's unified social credit code, for the licences it issues",
        None,
    )
    code: Text | None = key("基本编码", "national code", None)
    served: Texts = key("服务对象", "whom it serves", tuple)
    kind: Literal["即办件", "承诺件"] = key("办件类型", "instant or promised", "承诺件")
    safety: bool = key(
        "是否直接关系公共安全、人身健康、生命财产安全：是则虚假申请的一年、"
        "骗取许可的三年内不得再次申请（行政许可法第78、79条）",
        "directly concerns public safety, health, life or property: false applications bar new ones",
        False,
    )
    visits: int = key("到办事现场次数", "visits to the hall", 0, ge=0, le=9)
    visits_reason: Text | None = key("必须到现场的原因", "why visits are needed", None)
    online: Literal["全程网办", "部分网办", "不网办"] | None = key(
        "网上办理程度", "how far it is handled online", None
    )
    channels: Annotated[
        tuple[Literal["窗口", "网上", "移动端", "自助终端", "邮寄"], ...], type_of_many
    ] = key("办理形式", "channels", tuple)
    stages: Annotated[tuple[HandlingStage, ...], type_of_many] = key(
        "办理环节；不写则为受理、审查、决定",
        "stages of handling; acceptance, review and decision when absent",
        tuple,
    )
    complex: Complexity | None = key(
        "列为个别复杂事项的，写明理由和批准机关", "why the usual limits spare it", None
    )
    basis: Bases = key("设定依据", "legal basis of the matter", tuple)
    time: Time = key("时限", "time", Time())
    joint: JointHandling | None = key(
        "联合办理（并联）：牵头部门和参加部门", "joint handling by several departments", None
    )
    renewal: Renewal | None = key("延续：逾期未决定的视为准予", "renewal of a licence", None)
    quota: Quota | None = key("数量限制：按受理先后", "how many may be granted", None)
    distinct: Annotated[tuple[Name, ...], type_of_many] = key(
        "查重：这些事实不同的，不算重复申请", "facts that make another application of it", tuple
    )
    transition: Literal["undecided"] | None = key(
        "过渡条款：undecided 施行前受理而尚未决定的办件也适用；不写则只适用于施行后受理的",
        "transition: undecided cases accepted before follow this version too",
        None,
    )
    facts: dict[Name, FactDeclaration] = key("事实", "facts", dict)
    parameters: dict[Name, Parameter] = key("地区参数", "figures that regions set", dict)
    tables: Annotated[tuple[Table, ...], type_of_many] = key("决策表", "decision tables", tuple)
    criteria: Annotated[tuple[Criterion, ...], type_of_many] = key("审查要点", "criteria", tuple)
    materials: Annotated[tuple[MaterialUse, ...], type_of_many] = key(
        "申请材料", "materials", tuple
    )
    paths: dict[PathId, PathDeclaration] = key("办理路径（一般路径总是有）", "paths", dict)
    conclusions: Annotated[tuple[ConclusionRule, ...], type_of_many] = key(
        "本事项的结论规则", "conclusion rules of this matter", tuple
    )
    obligations: Annotated[tuple[Obligation, ...], type_of_many] = key(
        "后续义务", "obligations", tuple
    )
    benefits: Annotated[tuple[Benefit, ...], type_of_many] = key("给付", "benefits", tuple)
    result: Result = key("办理结果", "result", Result())
    guide: Guide = key("办事指南的补充内容", "additions to the guide", Guide())
