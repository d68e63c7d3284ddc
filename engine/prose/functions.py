"""The built-in functions in words, by how many arguments they take.

Templates of one argument chain (A的绝对值), those of several want each argument by itself.
Functions that answer yes or no are claims. `{all}` is every argument of a list of any length.
"""

from collections.abc import Mapping
from typing import Final

Template = tuple[str, str]

# What several arguments make one list of: `sum(a, b)` is `sum([a, b])`.
OVER_ALL: Final[Mapping[str, Template]] = {
    "sum": ("{all}的合计", "the total of {all}"),
    "min": ("{all}中最小的值", "the least of {all}"),
    "max": ("{all}中最大的值", "the greatest of {all}"),
    "mean": ("{all}的平均数", "the mean of {all}"),
    "product": ("{all}的乘积", "the product of {all}"),
    "median": ("{all}的中位数", "the median of {all}"),
    "stddev": ("{all}的样本标准差", "the sample standard deviation of {all}"),
    "mode": ("{all}的众数", "the modes of {all}"),
    "all": ("{all}中各项全部成立", "all of {all} hold"),
    "any": ("{all}中至少一项成立", "at least one of {all} holds"),
    "concatenate": ("{all}依次相接的列表", "the lists {all} joined in order"),
    "union": ("{all}合并后不重复的各项", "the distinct items of {all} together"),
}
# What lies between days is earlier and later, not less and more.
OVER_DAYS: Final[Mapping[str, Template]] = {
    "min": ("{all}中最早的日期", "the earliest of {all}"),
    "max": ("{all}中最晚的日期", "the latest of {all}"),
}
DISTINCT_COUNT: Final[Template] = ("{0}去除重复后的数量", "the number of distinct items in {0}")
WHOLE_YEARS: Final[Template] = ("{0}至{1}的整年数", "the whole years from {0} to {1}")
CLAIMS: Final[frozenset[str]] = frozenset(
    {
        "all", "any", "list contains", "contains", "starts with", "ends with", "matches", "odd",
        "even", "is", "before", "after", "meets", "met by", "overlaps", "overlaps before",
        "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by",
        "coincides",
    }
)  # fmt: skip
FUNCTIONS: Final[Mapping[tuple[str, int], Template]] = {
    # lists
    ("count", 1): ("{0}的数量", "the number of items in {0}"),
    ("list contains", 2): ("{0}包含{1}", "{0} contains {1}"),
    ("sublist", 2): ("{0}自第{1}项起的各项", "the items of {0} from number {1} on"),
    ("sublist", 3): ("{0}自第{1}项起的{2}项", "the {2} items of {0} from number {1} on"),
    ("append", 2): ("{0}末尾加上{1}后的列表", "{0} with {1} added at the end"),
    ("insert before", 3): (
        "{0}在第{1}项之前插入{2}后的列表", "{0} with {2} put in before item number {1}",
    ),
    ("remove", 2): ("{0}去掉第{1}项后的列表", "{0} without item number {1}"),
    ("list replace", 3): ("{0}以{2}替换{1}后的列表", "{0} with {1} replaced by {2}"),
    ("reverse", 1): ("{0}的倒序", "the reverse of {0}"),
    ("index of", 2): ("{0}中{1}所在的各个位置", "the positions in {0} of {1}"),
    ("distinct values", 1): ("{0}的不重复的各项", "the distinct items of {0}"),
    ("flatten", 1): ("{0}的逐层展开", "the flattening of {0}"),
    ("sort", 1): ("{0}的升序排列", "the ascending order of {0}"),
    ("sort", 2): ("{0}按{1}的排列", "{0} in the order of {1}"),
    ("not", 1): ("不属于{0}的情形", "it is not the case that {0}"),
    # texts
    ("substring", 2): ("{0}自第{1}个字符起的文字", "the text of {0} from character {1} on"),
    ("substring", 3): ("{0}自第{1}个字符起的{2}个字符", "the {2} characters of {0} from number {1} on"),
    ("string length", 1): ("{0}的字符数", "the number of characters in {0}"),
    ("upper case", 1): ("{0}的大写形式", "the upper case of {0}"),
    ("lower case", 1): ("{0}的小写形式", "the lower case of {0}"),
    ("substring before", 2): ("{0}中{1}之前的文字", "the text in {0} before {1}"),
    ("substring after", 2): ("{0}中{1}之后的文字", "the text in {0} after {1}"),
    ("contains", 2): ("{0}含有文字{1}", "{0} contains the text {1}"),
    ("starts with", 2): ("{0}以{1}开头", "{0} starts with {1}"),
    ("ends with", 2): ("{0}以{1}结尾", "{0} ends with {1}"),
    ("matches", 2): ("{0}符合正则表达式{1}", "{0} matches the pattern {1}"),
    ("matches", 3): (
        "{0}符合正则表达式{1}（选项{2}）", "{0} matches the pattern {1} (flags {2})",
    ),
    ("replace", 3): ("{0}将{1}替换为{2}后的文字", "{0} with {1} replaced by {2} in the text"),
    ("replace", 4): (
        "{0}将{1}替换为{2}后的文字（选项{3}）", "{0} with {1} replaced by {2} in the text (flags {3})",
    ),
    ("split", 2): ("{0}按{1}分开的各段", "the parts of {0} between {1}"),
    ("string join", 1): ("{0}的各项连成的文字", "the text of all items of {0}"),
    ("string join", 2): (
        "{0}的各项以{1}连成的文字", "the text of all items of {0} joined by {1}",
    ),
    ("string", 1): ("{0}的文字形式", "the text form of {0}"),
    ("number", 3): (
        "{0}所写的数（分节符{1}，小数点{2}）", "the number written as {0} (grouping {1}, point {2})",
    ),
    # numbers
    ("decimal", 2): ("{0}保留{1}位小数（五成双）的值", "{0} to {1} decimals (half to even)"),
    ("floor", 1): ("{0}的向下取整", "the floor of {0}"),
    ("floor", 2): ("{0}向下取至{1}位小数的值", "{0} rounded down to {1} decimals"),
    ("ceiling", 1): ("{0}的向上取整", "the ceiling of {0}"),
    ("ceiling", 2): ("{0}向上取至{1}位小数的值", "{0} rounded up to {1} decimals"),
    ("round up", 1): ("{0}的进位取整", "the rounding of {0} away from zero"),
    ("round up", 2): ("{0}进位至{1}位小数的值", "{0} rounded away from zero to {1} decimals"),
    ("round down", 1): ("{0}的截尾取整", "the rounding of {0} toward zero"),
    ("round down", 2): ("{0}截尾至{1}位小数的值", "{0} rounded toward zero to {1} decimals"),
    ("round half up", 1): ("{0}的四舍五入", "the rounding of {0} half up"),
    ("round half up", 2): ("{0}四舍五入至{1}位小数的值", "{0} rounded half up to {1} decimals"),
    ("round half down", 1): ("{0}的五舍六入", "the rounding of {0} half down"),
    ("round half down", 2): ("{0}五舍六入至{1}位小数的值", "{0} rounded half down to {1} decimals"),
    ("abs", 1): ("{0}的绝对值", "the absolute value of {0}"),
    ("modulo", 2): ("{0}除以{1}的余数", "the remainder of {0} divided by {1}"),
    ("sqrt", 1): ("{0}的平方根", "the square root of {0}"),
    ("log", 1): ("{0}的自然对数", "the natural logarithm of {0}"),
    ("exp", 1): ("{0}的自然指数", "the exponential of {0}"),
    ("odd", 1): ("{0}为奇数", "{0} is odd"),
    ("even", 1): ("{0}为偶数", "{0} is even"),
    # dates and times
    ("date", 1): ("{0}的日期部分", "the date of {0}"),
    ("date", 3): ("公历{0}年{1}月{2}日", "the day with year {0}, month {1} and day {2}"),
    ("date and time", 1): ("{0}所写的日期时间", "the moment written as {0}"),
    ("date and time", 2): ("{0}当日{1}的时刻", "the moment {1} on {0}"),
    ("time", 1): ("{0}的时间部分", "the time of {0}"),
    ("time", 3): ("{0}时{1}分{2}秒", "the time {0} h {1} min {2} s"),
    ("time", 4): ("{0}时{1}分{2}秒（时差{3}）", "the time {0} h {1} min {2} s (offset {3})"),
    ("duration", 1): ("{0}所写的时长", "the length of time written as {0}"),
    ("years and months duration", 2): (
        "{0}至{1}的整年整月时长", "the whole years and months from {0} to {1}",
    ),
    ("day of year", 1): ("{0}的年内日序", "the day of the year of {0}"),
    ("day of week", 1): ("{0}的星期名称", "the weekday of {0}"),
    ("month of year", 1): ("{0}的月份名称", "the name of the month of {0}"),
    ("week of year", 1): ("{0}的年内周序", "the week of the year of {0}"),
    ("now", 0): ("当前时刻", "the present moment"),
    ("today", 0): ("当前日期", "the present day"),
    ("is", 1): ("{0}未提供", "{0} is not given"),
    ("is", 2): ("{0}与{1}完全相同", "{0} is the very same as {1}"),
    # records
    ("get value", 2): ("{0}中名为{1}的栏", "the field of {0} named {1}"),
    ("get entries", 1): ("{0}的各栏", "the fields of {0}"),
    ("context", 1): ("{0}的各栏组成的记录", "the record made of the fields {0}"),
    ("context put", 3): ("{0}中{1}改为{2}后的记录", "{0} with the field {1} set to {2}"),
    ("context merge", 1): ("{0}的各条合成的记录", "the record merged from {0}"),
    # ranges: Allen's relations
    ("range", 1): ("{0}所写的范围", "the range written as {0}"),
    ("before", 2): ("{0}全部在{1}之前", "{0} lies wholly before {1}"),
    ("after", 2): ("{0}全部在{1}之后", "{0} lies wholly after {1}"),
    ("meets", 2): ("{0}的末端恰为{1}的始端", "{0} ends exactly where {1} begins"),
    ("met by", 2): ("{0}的始端恰为{1}的末端", "{0} begins exactly where {1} ends"),
    ("overlaps", 2): ("{0}与{1}有重叠", "{0} overlaps {1}"),
    ("overlaps before", 2): ("{0}在前与{1}有重叠", "{0} overlaps the beginning of {1}"),
    ("overlaps after", 2): ("{0}在后与{1}有重叠", "{0} overlaps the end of {1}"),
    ("finishes", 2): ("{0}与{1}同时结束", "{0} finishes together with {1}"),
    ("finished by", 2): ("{0}的末端与{1}同时结束", "{0} is finished by {1}"),
    ("includes", 2): ("{0}完全包括{1}", "{0} includes {1}"),
    ("during", 2): ("{0}完全处于{1}之内", "{0} lies within {1}"),
    ("starts", 2): ("{0}与{1}同时开始", "{0} starts together with {1}"),
    ("started by", 2): ("{0}的始端与{1}同时开始", "{0} is started by {1}"),
    ("coincides", 2): ("{0}与{1}完全重合", "{0} coincides with {1}"),
    # the engine's own
    ("工作日数", 2): (
        "{0}（当日不计）至{1}的工作日数", "the number of working days after {0} up to {1}",
    ),
}  # fmt: skip
# What stands after a dot, where a date, a time or a length of time stands before it.
PROPERTIES: Final[Mapping[str, Template]] = {
    "year": ("{0}的年份", "{0}'s year"),
    "month": ("{0}的月份", "{0}'s month"),
    "day": ("{0}的日", "{0}'s day"),
    "weekday": ("{0}的星期序号", "{0}'s weekday number"),
    "hour": ("{0}的小时", "{0}'s hour"),
    "minute": ("{0}的分钟", "{0}'s minute"),
    "second": ("{0}的秒", "{0}'s second"),
    "time offset": ("{0}的时差", "{0}'s time offset"),
    "timezone": ("{0}的时区", "{0}'s time zone"),
    "years": ("{0}的整年数", "{0}'s whole years"),
    "months": ("{0}的余月数", "{0}'s months over"),
    "days": ("{0}的整日数", "{0}'s whole days"),
    "hours": ("{0}的余小时数", "{0}'s hours over"),
    "minutes": ("{0}的余分钟数", "{0}'s minutes over"),
    "seconds": ("{0}的余秒数", "{0}'s seconds over"),
    "start": ("{0}的始端", "{0}'s start"),
    "end": ("{0}的末端", "{0}'s end"),
    "start included": ("{0}的始端含否", "{0}'s start included"),
    "end included": ("{0}的末端含否", "{0}'s end included"),
}
