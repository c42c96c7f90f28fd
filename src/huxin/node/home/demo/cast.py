"""Who is in the demo: three regions, where people work, and the accounts one can enter as.

Known without Django, so that the supervisor can print it.  Everybody is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huxin.node.base.permissions import ROLE_WORDS, Role
from huxin.packs.reader import Words

__all__ = [
    "ACCOUNTS",
    "NEWCOMER",
    "PASSWORD",
    "PLACES",
    "REGIONS",
    "Account",
    "Newcomer",
    "Place",
    "account",
    "accounts_of",
]

# Told to everybody who runs the demo: its accounts exist nowhere else.
PASSWORD: Final = "lantern bridge 2026"  # noqa: S105

REGIONS: Final = {
    "QV": Words("灯湾", "Lantern Bay"),
    "QW": Words("苇洲", "Reed Isles"),
    "QX": Words("云渡", "Cloud Ferry"),
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A region that is no member yet, and has no node here: a statement, keys and a card of it are ready."""

    region: str
    words: Words


NEWCOMER: Final = Newcomer("QY", Words("松岬", "Pine Cape"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works."""

    region: str
    key: str
    words: Words
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to enter as.  `place` is the key of where they work; `person` whose own cards they see."""

    region: str
    name: str
    role: Role
    shown: str
    place: str = ""
    person: str = ""
    says: Words | None = None

    @property
    def words(self) -> Words:
        """What they are, for the button."""
        return self.says or ROLE_WORDS[self.role]


_CLINIC: Final = "clinic"
PLACES: Final = (
    Place("QW", _CLINIC, Words("河埠头接种门诊", "Wharf Vaccination Clinic")),
    Place("QV", _CLINIC, Words("灯湾体检中心", "Lantern Bay Check-up Centre"), "08:00–17:00"),
    Place("QV", "kindergarten", Words("灯湾第一幼儿园门口", "Gate of the Lantern Kindergarten")),
    Place("QV", "forum", Words("水镇论坛入口", "Entrance of the water-town forum")),
    Place("QX", _CLINIC, Words("云渡体检站", "Cloud Ferry Check-up Station"), "08:30–16:00"),
)

_R = Role
ACCOUNTS: Final = (
    Account("QW", "clerk", _R.CLERK, "顾晚舟", _CLINIC),
    Account("QW", "clerk-2", _R.CLERK, "许知渡", _CLINIC,
            says=Words("另一位签发员", "Another clerk")),
    Account("QW", "clinician", _R.CLINICIAN, "陆青禾", _CLINIC),
    Account("QW", "pharmacist", _R.PHARMACIST, "叶半夏", _CLINIC),
    Account("QW", "mother", _R.RESIDENT, "林桥", person="林桥",
            says=Words("林㑇的妈妈", "Mother of 林㑇")),
    Account("QW", "helper", _R.HELPER, "陆小满", person="陆小满",
            says=Words("邻居，帮沈阿婆办事", "The neighbour who helps Grandmother Shen")),
    Account("QW", "epidemiologist", _R.EPIDEMIOLOGIST, "江远", _CLINIC),
    Account("QW", "rules", _R.RULE_OFFICER, "方既明", _CLINIC),
    Account("QW", "rules-2", _R.RULE_OFFICER, "宋再读", _CLINIC,
            says=Words("另一位规则员", "Another rule officer")),
    Account("QW", "delegate", _R.DELEGATE, "范相望", _CLINIC),
    Account("QW", "auditor", _R.AUDITOR, "石问渠", _CLINIC),
    Account("QW", "operator", _R.OPERATOR, "夏机杼", _CLINIC),
    Account("QV", "checker", _R.CHECKER, "周守门", "kindergarten",
            says=Words("幼儿园门口的查验员", "Checker at the kindergarten gate")),
    Account("QV", "checker-2", _R.CHECKER, "Tom Lantern", "forum",
            says=Words("论坛入口的查验员", "Checker at the forum entrance")),
    Account("QV", "clerk", _R.CLERK, "温灯", _CLINIC),
    Account("QV", "rules", _R.RULE_OFFICER, "何公言", _CLINIC),
    Account("QV", "rules-2", _R.RULE_OFFICER, "邵复核", _CLINIC,
            says=Words("另一位规则员", "Another rule officer")),
    Account("QV", "delegate", _R.DELEGATE, "梁同舟", _CLINIC),
    Account("QV", "operator", _R.OPERATOR, "谢轮", _CLINIC),
    Account("QX", "clerk", _R.CLERK, "云帆", _CLINIC),
    Account("QX", "checker", _R.CHECKER, "段渡口", _CLINIC),
    Account("QX", "delegate", _R.DELEGATE, "白鹭", _CLINIC),
    Account("QX", "operator", _R.OPERATOR, "苏缆", _CLINIC),
)  # fmt: skip


def accounts_of(region: str) -> tuple[Account, ...]:
    """Return the accounts of one node."""
    return tuple(one for one in ACCOUNTS if one.region == region)


def account(region: str, name: str) -> Account:
    """Return one account; it is a slip of ours if there is none."""
    (found,) = (one for one in accounts_of(region) if one.name == name)
    return found
