"""Every diagnostic code: its severity and its words in Chinese and English.

Codes are public and stable. Each has one broken definition in tests/bad/<code>.yaml that shows it.
"""

from dataclasses import dataclass
from typing import Literal

from engine.diagnostics.dmn_codes import DMN_CODES
from engine.diagnostics.flow_codes import FLOW_CODES
from engine.diagnostics.lints import LINTS
from engine.diagnostics.proof_codes import PROOF_CODES
from engine.diagnostics.review_proof_codes import REVIEW_PROOF_CODES
from engine.diagnostics.sheet_codes import SHEET_CODES
from engine.diagnostics.table_codes import TABLE_CODES
from engine.diagnostics.theme_codes import THEME_CODES
from engine.diagnostics.value_codes import VALUE_CODES

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code. The texts are format strings; their words are given where the problem is found."""

    severity: Severity
    message_zh: str
    message_en: str
    help_zh: str = ""
    help_en: str = ""


CATALOGUE: dict[str, CodeEntry] = {}


def _code(
    name: str, zh: str, en: str, help_zh: str = "", help_en: str = "", severity: Severity = "error"
) -> None:
    CATALOGUE[name] = CodeEntry(severity, zh, en, help_zh, help_en)


for _name, _words in SHEET_CODES.items():
    _code(_name, *_words)

# --- the text itself -------------------------------------------------------------------------

_code(
    "file-unreadable",
    "无法读取文件：{problem_zh}",
    "the file cannot be read: {problem}",
    "请以 UTF-8 编码保存文件，并确认有读取权限。",
    "Save the file as UTF-8 and make sure it may be read.",
)
_code(
    "yaml-syntax",
    "{problem_zh}",
    "the YAML cannot be read: {problem}",
    "请检查此处及上一行的缩进、冒号和引号；标点须用半角。",
    "Check indentation, colons and quotes here and on the line above; use half-width punctuation.",
)
_code(
    "yaml-empty",
    "文件没有内容",
    "the file is empty",
    "请写一个定义，例如 `matter: 编号`，或删除此文件。",
    "Write a definition, such as `matter: id`, or delete the file.",
)
_code(
    "yaml-many-documents",
    "一个文件只放一个定义，此处开始了第二个",
    "one file holds one definition; a second one starts here",
    "请把 --- 之后的内容移到另一个文件。",
    "Move what follows --- to a file of its own.",
)
_code(
    "yaml-duplicate-key",
    "键“{key}”在同一处写了两次",
    'the key "{key}" is written twice in one place',
    "请合并成一处；重复的内容不会被采用。",
    "Merge the two; the second one is not used.",
)
_code(
    "yaml-key",
    "键必须是一个名称",
    "a key must be a name",
    "请写成“名称: 值”的形式。",
    "Write it as `name: value`.",
)
_code(
    "yaml-alias",
    "不支持 YAML 的锚点和引用（& 与 *）",
    "YAML anchors and aliases (& and *) are not supported",
    "请直接写出内容；以 & 或 * 开头的文字请加引号。",
    "Write the content out; put text that starts with & or * in quotes.",
)
_code(
    "yaml-tag",
    "不支持类型标记 {tag}",
    "the tag {tag} is not supported",
    "请去掉以 ! 开头的标记；以 ! 开头的文字请加引号。",
    "Remove the tag; put text that starts with ! in quotes.",
)
_code(
    "yaml-too-large",
    "文件过大：{size} 个字符，上限 {limit}",
    "the file is too large: {size} characters, the limit is {limit}",
    "请把内容分到几个文件中。",
    "Split the content over several files.",
)
_code(
    "yaml-too-many-values",
    "文件中的值过多，上限 {limit} 个",
    "the file has too many values, the limit is {limit}",
    "请把内容分到几个文件中。",
    "Split the content over several files.",
)
_code(
    "yaml-too-deep",
    "嵌套过深，上限 {limit} 层",
    "the nesting is too deep, the limit is {limit} levels",
    "请检查括号是否成对，或减少层次。",
    "Check that brackets are paired, or use fewer levels.",
)

# --- the shape of a definition ---------------------------------------------------------------

_code(
    "unknown-kind",
    "看不出这是哪一种定义：第一个键是“{found}”",
    'the kind of definition is not clear: the first key is "{found}"',
    "{hint_zh}第一个键应是：{known}",
    "{hint_en}The first key should be one of: {known}",
)
_code(
    "not-a-mapping",
    "定义应由“键: 值”组成，此处是{found_zh}",
    "a definition consists of `key: value` pairs; this is {found_en}",
    "请以 `matter: 编号` 之类开头；冒号用半角并在其后空一格。",
    "Start with something like `matter: id`; a half-width colon followed by a space.",
)
_code(
    "unknown-key",
    "此处没有“{key}”这个键",
    'there is no key "{key}" here',
    "{hint_zh}此处可用：{known}",
    "{hint_en}Known here: {known}",
)
_code(
    "missing-key",
    "缺少“{key}”（{meaning_zh}）",
    '"{key}" is missing ({meaning_en})',
    "请在此处补上 `{key}: …`。",
    "Add `{key}: …` here.",
)
_code(
    "wrong-value",
    "“{key}”应是{expected_zh}，此处是{found_zh}",
    '"{key}" should be {expected_en}, found {found_en}',
    "{help_zh}",
    "{help_en}",
)
_code(
    "duplicate-id",
    "编号“{id}”重复，另一处在 {other}",
    'the id "{id}" is used twice, the other is at {other}',
    "请为其中一个改名。",
    "Rename one of them.",
)
_code(
    "effective-overlap",
    "“{id}”的施行期间与 {other} 重叠",
    'the effective dates of "{id}" overlap with {other}',
    "同一编号的各版本，施行期间不得重叠：请为旧版填写 effective.to。",
    "Versions of one id may not overlap: give the older one an effective.to.",
)
_code(
    "effective-order",
    "施行期间的终止日 {end} 早于起始日 {start}",
    "the effective end {end} is before the start {start}",
    "请核对 effective 的 from 与 to。",
    "Check from and to of effective.",
)

# --- expressions -----------------------------------------------------------------------------

_code("feel-syntax", "{message_zh}", "{message_en}", "{help_zh}", "{help_en}")
_code(
    "feel-full-width",
    "{message_zh}",
    "{message_en}",
    "请改为半角，以免误读。",
    "Write the half-width form to avoid misreading.",
    "warning",
)
_code(
    "feel-type",
    "{message_zh}",
    "{message_en}",
    "{help_zh}",
    "{help_en}",
)
_code(
    "profile-function",
    "定义中不能使用 {name}()：{why_zh}",
    "definitions may not use {name}(): {why_en}",
    "申请当日请用事实“申请日期”。",
    'Use the fact "申请日期" for the day of the application.',
)
_code(
    "unknown-fact",
    "“{name}”没有声明为事实、参数或表的输出",
    '"{name}" is not declared as a fact, a parameter or the output of a table',
    "{hint_zh}此处已知：{known}",
    "{hint_en}Known here: {known}",
)
_code(
    "unknown-function",
    "没有名为“{name}”的函数",
    'there is no function "{name}"',
    "{hint_zh}",
    "{hint_en}",
)
_code(
    "value-outside-codes",
    "“{value}”不在代码集“{codes}”中",
    '"{value}" is not in the code set "{codes}"',
    "{hint_zh}可用：{known}",
    "{hint_en}Known: {known}",
)
_code(
    "fact-cycle",
    "事实互相依赖成环：{cycle}",
    "facts depend on each other in a circle: {cycle}",
    "请删去其中一条依赖，使每个事实都能由别的事实算出。",
    "Remove one dependency so that every fact can be computed from others.",
)
_code(
    "fact-given-twice",
    "“{name}”有两个来处：此处与 {other}",
    '"{name}" comes from two places: here and {other}',
    "一个名称只能声明一次：请改名或删去其中一处。",
    "A name is declared once: rename or remove one.",
)
_code(
    "fact-identifier-unknown",
    "没有能校验“{kind}”的插件",
    'no plugin checks identifiers of the kind "{kind}"',
    "{hint_zh}",
    "{hint_en}",
)

_code(
    "fact-range",
    "“{name}”的范围“{range}”不是一个区间",
    'the range "{range}" of "{name}" is no interval',
    '请写成 "[0..50]"：方括号含、圆括号不含；没有上限的写 ">= 0"。',
    'Write "[0..50]": square brackets include, round ones do not; ">= 0" for no upper end.',
)
_code(
    "fact-range-empty",
    "“{name}”的范围“{range}”里没有任何值",
    'the range "{range}" of "{name}" holds no value',
    "请核对两端的先后和括号。",
    "Check the order of the ends and the brackets.",
)

for _name, _words in TABLE_CODES.items():
    _code(_name, *_words)
for _name, _same in VALUE_CODES.items():
    _code(_name, *_same)

# --- what a proof finds ----------------------------------------------------------------------

for _name, _said in (PROOF_CODES | REVIEW_PROOF_CODES).items():
    _code(_name, *_said)

# --- references ------------------------------------------------------------------------------

_code(
    "unknown-reference",
    "没有编号为“{id}”的{what_zh}",
    'there is no {what_en} "{id}"',
    "{hint_zh}{known_zh}",
    "{hint_en}{known_en}",
)
_code(
    "form-field-without-fact",
    "表单字段“{fact}”没有对应的事实",
    'the form field "{fact}" has no fact',
    "{hint_zh}请在事项的 facts 中声明，或删去此字段。",
    "{hint_en}Declare it in the matter's facts, or remove the field.",
)
_code(
    "form-field-computed",
    "表单字段“{fact}”是由规则计算的，不应由申请人填写",
    'the form field "{fact}" is computed by rules and is not for the applicant to fill',
    "请从表单中删去。",
    "Remove it from the form.",
)
_code(
    "form-fact-missing",
    "事实“{fact}”由申请人提供，但表单“{form}”没有这一项",
    'the fact "{fact}" is given by the applicant, but the form "{form}" does not ask for it',
    "请在表单中增加此字段，或在事实中写明来源。",
    "Add a field to the form, or state the fact's source.",
    "warning",
)
_code(
    "form-field-twice",
    "表单重复收集“{fact}”，另一处在 {other}",
    'the form asks for "{fact}" twice, the other is at {other}',
    "同一信息只问一次：请删去其中一处。",
    "Ask once: remove one of the two.",
)
_code(
    "form-field-widget",
    "“{fact}”是{type_zh}，不能用 {widget} 收集",
    '"{fact}" is of type {type_en} and cannot be asked with {widget}',
    "可用：{known}",
    "Use one of: {known}",
)
_code(
    "form-missing",
    "事项没有表单",
    "the matter has no form",
    "请在 form_defs/ 中新建 `form: {matter}`。",
    "Create `form: {matter}` in form_defs/.",
    "warning",
)

# --- regions ---------------------------------------------------------------------------------

_code(
    "region-below-floor",
    "“{name}”为 {value}，低于规定的下限 {limit}（{basis}）",
    '"{name}" is {value}, below the floor {limit} ({basis})',
    "地区标准不得放宽或突破上位法的限度：请改为不低于 {limit}。",
    "A region may not relax the law: use at least {limit}.",
)
_code(
    "region-above-ceiling",
    "“{name}”为 {value}，超过规定的上限 {limit}（{basis}）",
    '"{name}" is {value}, above the ceiling {limit} ({basis})',
    "地区标准不得放宽或突破上位法的限度：请改为不超过 {limit}。",
    "A region may not exceed the law: use at most {limit}.",
)
_code(
    "region-cycle",
    "地区“{id}”的上级关系成环",
    'the region "{id}" is its own superior',
    "请核对 parent。",
    "Check parent.",
)
_code(
    "parameter-value",
    "参数“{name}”的值 {value} 不是{expected_zh}",
    'the parameter "{name}" has the value {value}, which is not {expected_en}',
    "请核对 type 与 value。",
    "Check type and value.",
)

# --- policy ----------------------------------------------------------------------------------

for _name, _lint in LINTS.items():
    _code(_name, *_lint.words)

_code(
    "setting-severity",
    "severities：{problem_zh}",
    "severities: {problem_en}",
    "{help_zh}",
    "{help_en}",
)
_code(
    "commitment-incomplete",
    "告知承诺没有写明“{key}”（{meaning_zh}）",
    'the commitment path does not say "{key}" ({meaning_en})',
    "承诺书正文、核查期限、承诺虚假和未履行承诺的后果缺一不可：请补上 `{key}: …`。",
    "The text, the later check and the ends of a false and a broken promise all belong: add `{key}`.",
)
_code(
    "scope-covered",
    "“{point}”决定是否受理，不得以承诺代替",
    '"{point}" decides whether the matter applies at all; no commitment may stand for it',
    "请从 covers 中删去。",
    "Remove it from covers.",
)
_code(
    "path-order",
    "路径“{a}”与“{b}”没有声明先后",
    'the paths "{a}" and "{b}" have no declared order',
    "请用 order 写明先后，或使进入条件互斥。",
    "Give them an order, or make their entry conditions disjoint.",
    "warning",
)

# --- conclusion rules ------------------------------------------------------------------------

_code(
    "rule-invalid",
    "结论规则“{rule}”：{message_zh}",
    'conclusion rule "{rule}": {message_en}',
    "{help_zh}",
    "{help_en}",
)
_code(
    "rule-value",
    "结论规则“{rule}”：“{kind}”的“{field}”不会是“{value}”",
    'conclusion rule "{rule}": {field} of {kind} is never "{value}"',
    "{hint_zh}可用：{known}",
    "{hint_en}Known: {known}",
)
_code(
    "rule-too-early",
    "结论规则“{rule}”在选择办理路径时使用（phase: entry），那时还没有“{kind}”",
    'conclusion rule "{rule}" is for choosing the path (phase: entry), before there is any {kind}',
    "请去掉 phase: entry，或改用 申请、申请人、证照、信用、查询、事实。",
    "Remove phase: entry, or use 申请, 申请人, 证照, 信用, 查询 or 事实.",
)
_code(
    "outcome-missing",
    "没有规则得出“{outcome}”",
    'no rule concludes "{outcome}"',
    "请补一条 then: {{conclude: {outcome}}} 的规则；没有它，应得出“{outcome}”的申请就没有结论。",
    "Add a rule with then: {{conclude: {outcome}}}; without it such applications have no outcome.",
)
_code(
    "no-matter-conclusion",
    "没有任何通用结论规则（rules）可用，事项无法得出结论",
    "there are no shared conclusion rules, so no matter can reach a conclusion",
    "请保留 rulesets/rules/ 中的通用结论规则。",
    "Keep the shared conclusion rules in rulesets/rules/.",
)

# --- plugins ---------------------------------------------------------------------------------

_code(
    "plugin-broken",
    "插件无法装入：{problem_zh}",
    "the plugin cannot be loaded: {problem}",
    "请修正插件；修正之前，所有决定都不能作出。",
    "Mend the plugin; until then no decision can be made.",
)

# --- applications ----------------------------------------------------------------------------

_code(
    "application-value",
    "{where}：应是{expected_zh}，此处是 {found}",
    "{where}: expected {expected_en}, found {found}",
    "请更正后重新提交；不清楚的可以留空，留空按待核处理。",
    "Correct it and submit again; leave out what is not known: it is pending then.",
)
_code(
    "application-unknown-key",
    "{where}：申请中没有“{key}”这一项",
    '{where}: an application has no "{key}"',
    "{hint_zh}可用：{known}",
    "{hint_en}Known: {known}",
)
_code(
    "application-unknown-fact",
    "{where}：“{matter}”没有声明事实“{name}”",
    '{where}: "{matter}" declares no fact "{name}"',
    "{hint_zh}不在清单内的信息不收集：请删去。",
    "{hint_en}What is not declared is not collected: remove it.",
)
_code(
    "application-computed",
    "{where}：“{name}”由规则计算，不能由申请人填写",
    '{where}: "{name}" is computed by rules and cannot be stated',
    "请删去此项。",
    "Remove it.",
)
_code(
    "application-full-width",
    "{where}：“{found}”含全角数字或符号",
    '{where}: "{found}" has full-width digits or signs',
    "是否想写“{half}”？",
    'Did you mean "{half}"?',
)
_code(
    "application-date",
    "{where}：没有“{found}”这一天",
    '{where}: there is no such day as "{found}"',
    "请核对年、月、日。",
    "Check year, month and day.",
)
_code(
    "application-identifier",
    "{where}：{problem_zh}",
    "{where}: {problem}",
    "请对照证件更正。",
    "Correct it against the document.",
)
_code(
    "application-unknown-material",
    "{where}：没有“{name}”这项材料或要点",
    '{where}: there is no material or criterion "{name}"',
    "{hint_zh}指南以外的材料不收取。",
    "{hint_en}Nothing beyond the guide is taken.",
)
_code(
    "calendar-days",
    "日历自相矛盾：{problem_zh}",
    "the calendar contradicts itself: {problem}",
    "请对照放假通知核对 off 与 work。",
    "Check off and work against the official notice.",
)

# --- features --------------------------------------------------------------------------------

_code(
    "feature-language",
    "功能文件没有写明语言",
    "the feature file does not say its language",
    "请在第一行写：# language: zh-CN",
    "Write on the first line: # language: zh-CN",
)
_code(
    "feature-syntax",
    "{problem_zh}",
    "the feature file cannot be read: {problem}",
    "请核对此处的关键字和缩进；关键字后的冒号、表格的竖线须用半角。",
    "Check the keyword and indentation here; the colon and the table's bars are half-width.",
)
_code(
    "feature-full-width",
    "全角的“{found}”在此处不起作用",
    'the full-width "{found}" has no effect here',
    "请改为半角“{half}”。",
    'Write the half-width "{half}".',
)
_code(
    "feature-description-keyword",
    "说明文字以“{keyword}”开头，被当成了步骤",
    'this description begins with "{keyword}" and is read as a step',
    "请换一个开头，例如在前面加“注：”；若本是步骤，请在“{keyword}”后空一格。",
    "Begin it in another way, such as with 注：; if it is a step, put a space after {keyword}.",
)
_code(
    "feature-empty",
    "功能文件没有场景",
    "the feature file has no scenario",
    "请至少写一个场景，或删去此文件。",
    "Write at least one scenario, or delete the file.",
)
_code(
    "feature-duplicate-scenario",
    "场景“{name}”与第 {other} 行的场景同名，其中一个会被漏掉",
    'the scenario "{name}" has the same name as the one on line {other}; one of them is lost',
    "请为其中一个改名。",
    "Rename one of them.",
)
_code(
    "feature-no-outcome",
    "场景“{name}”没有“那么”，什么也没有检验",
    'the scenario "{name}" has no step "那么" and proves nothing',
    '请写出应有的结果，例如：那么 结论是"准予"',
    'Say what should come out, such as: 那么 结论是"准予"',
)
_code(
    "feature-no-examples",
    "场景大纲“{name}”没有例子，一次也不会运行",
    'the outline "{name}" has no examples and never runs',
    "请在“例子:”下写一行表头和至少一行值，或改为“场景”。",
    "Write a heading and at least one row under 例子:, or make it a 场景.",
)
_code(
    "feature-placeholder",
    "“<{name}>”不在例子的表头中",
    '"<{name}>" is not in the heading of the examples',
    "{hint_zh}表头有：{known}",
    "{hint_en}The heading has: {known}",
)
_code(
    "feature-step-undefined",
    "没有这样的步骤：{text}",
    "there is no such step: {text}",
    "{hint_zh}",
    "{hint_en}",
)
_code(
    "feature-step-ambiguous",
    "这一步有几种读法：{candidates}",
    "this step can be read in several ways: {candidates}",
    "请换一种说法，或请插件的作者改写其中一个步骤。",
    "Say it in another way, or have the plugin's author change one of them.",
)
_code(
    "feature-step-argument",
    "{problem_zh}",
    "{problem}",
    "请核对步骤下面的表格或文本块。",
    "Check the table or the text below the step.",
)
_code(
    "feature-tab",
    "此行以制表符缩进",
    "this line is indented with tabs",
    "请改用空格，以免在别处看起来错位。",
    "Use spaces, so that it looks the same everywhere.",
    "warning",
)

# --- DMN files -------------------------------------------------------------------------------

for _name, _told in DMN_CODES.items():
    _code(_name, *_told)

# --- themes (一件事) ---------------------------------------------------------------------------

for _name, _of_theme in THEME_CODES.items():
    _code(_name, *_of_theme)

# --- flows, posts and the course of cases ------------------------------------------------------

for _name, _of_flow in FLOW_CODES.items():
    _code(_name, *_of_flow)
