"""What a key of a definition is called in a sentence about a change."""

import re
from collections.abc import Sequence
from typing import Final

from engine.definitions import meaning_of
from engine.prose import Words

# What a key's description adds for those who write it.
_REMARK = re.compile(r"[；;：:].*|[（(].*?[）)]|[，,].*", re.DOTALL)
# Descriptions tell writers what to put there; a change needs a noun. By the Chinese description.
NOUNS: Final[dict[str, tuple[str, str]]] = {
    "由其他事实计算": ("计算方法", "computation"),
    "给人看的名称": ("名称", "label"),
    "取值所在的代码集": ("代码集", "code set"),
    "按哪种证件号码校验": ("证件号码种类", "kind of identifier"),
    "缺少时由谁提供": ("提供单位", "who provides it"),
    "输出哪些事实": ("输出", "outputs"),
    "没有一行命中时的输出": ("默认输出", "default output"),
    "列由表达式算出时": ("计算列", "computed columns"),
    "使用 first 或 priority 的理由": ("取法的理由", "reason for the hit policy"),
    "本行的依据": ("依据", "legal basis"),
    "审查要点": ("表述", "wording"),
    "何时适用": ("适用情形", "when it applies"),
    "满足的条件": ("条件", "condition"),
    "对哪些事实单调": ("单调的事实", "monotone facts"),
    "不满足时怎么办": ("补救办法", "how to put it right"),
    "缺少时怎么办": ("补救办法", "how to put it right"),
    "怎么办": ("补救办法", "how to put it right"),
    "可由哪些电子证照免提交": ("可免提交的电子证照", "licences that exempt it"),
    "证照的持有人由哪个事实给出": ("证照持有人", "holder of the licence"),
    "何时需要": ("需要的情形", "when it is needed"),
    "取得材料的先后": ("取得方式", "ways to obtain it"),
    "承诺虚假": ("承诺虚假的后果", "consequence of a false commitment"),
    "未履行承诺": ("未履行承诺的后果", "consequence of an unfulfilled commitment"),
    "由谁": ("履行人", "by whom"),
    "自何时起": ("起算日期", "from when"),
    "何时显示": ("显示的情形", "when it is shown"),
    "过期时如何延续": ("延续办法", "how to renew it"),
    "自何时颁发的": ("颁发日期起", "issued from"),
}


def name_key(kind: str, path: Sequence[str | int]) -> Words:
    """What the key at `path` of a kind of definition is called."""
    zh, en = map(without_remark, meaning_of(kind, tuple(path)))
    is_part = len(path) > 1
    return Words(*NOUNS.get(zh, (zh, en))) if is_part else Words(zh, en)


def without_remark(description: str) -> str:
    return _REMARK.sub("", description).strip()


def is_question(name: Words) -> bool:
    """是否…, 可否…: said of a thing without 的."""
    return name.zh.startswith(("是否", "可否"))
