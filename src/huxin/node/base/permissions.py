"""Who may do what: permissions are an enum, roles are lists of them.  Nothing else is asked.

A person may hold several roles; a role of staff is held in one organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from huxin.packs.reader import Words

__all__ = ["PURPOSES", "ROLES", "ROLE_WORDS", "Permission", "Role"]


class Permission(StrEnum):
    """One thing that can be allowed."""

    SHOW_CARD = "show-card"  # cards of one's own, and of those one may act for; nothing else
    SHOW_OWN = "show-own"  # whatever else is known of oneself, and one's own visits
    CHECK = "check"  # judge a card that somebody shows
    FIND_PERSON = "find-person"  # in one's own organisation, with a purpose
    ISSUE = "issue"  # sign a card
    APPROVE = "approve"  # be the second pair of eyes
    REVOKE = "revoke"  # correct or withdraw a card
    VISIT = "visit"  # see the day's list, record a visit
    DISPENSE = "dispense"
    SEE_NUMBERS = "see-numbers"  # counts, never people
    RULES = "rules"
    DECIDE_APPEAL = "decide-appeal"  # take an appeal, read it, decide it with a reason
    DELEGATE = "delegate"
    PUBLISH_NOTICE = "publish-notice"
    READ_AUDIT = "read-audit"
    OPERATE = "operate"  # accounts, health of the node


class Role(StrEnum):
    """What somebody is at this node."""

    RESIDENT = "resident"
    HELPER = "helper"
    CLERK = "clerk"
    CLINICIAN = "clinician"
    PHARMACIST = "pharmacist"
    CHECKER = "checker"
    EPIDEMIOLOGIST = "epidemiologist"
    RULE_OFFICER = "rule-officer"
    DELEGATE = "delegate"
    AUDITOR = "auditor"
    OPERATOR = "operator"


_P = Permission
ROLES: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.RESIDENT: frozenset({_P.SHOW_CARD, _P.SHOW_OWN}),
    Role.HELPER: frozenset({_P.SHOW_CARD, _P.SHOW_OWN}),
    Role.CLERK: frozenset({_P.FIND_PERSON, _P.ISSUE, _P.REVOKE, _P.APPROVE, _P.DECIDE_APPEAL}),
    Role.CLINICIAN: frozenset({_P.FIND_PERSON, _P.VISIT}),
    Role.PHARMACIST: frozenset({_P.DISPENSE}),
    Role.CHECKER: frozenset({_P.CHECK}),
    Role.EPIDEMIOLOGIST: frozenset({_P.SEE_NUMBERS}),
    Role.RULE_OFFICER: frozenset({_P.RULES, _P.PUBLISH_NOTICE, _P.DECIDE_APPEAL}),
    Role.DELEGATE: frozenset({_P.DELEGATE}),
    Role.AUDITOR: frozenset({_P.READ_AUDIT, _P.SEE_NUMBERS}),
    Role.OPERATOR: frozenset({_P.OPERATE}),
}

ROLE_WORDS: Final[Mapping[Role, Words]] = {
    Role.RESIDENT: Words("居民", "Resident"),
    Role.HELPER: Words("代办人", "Helper"),
    Role.CLERK: Words("签发员", "Clerk"),
    Role.CLINICIAN: Words("医生", "Clinician"),
    Role.PHARMACIST: Words("药师", "Pharmacist"),
    Role.CHECKER: Words("查验员", "Checker"),
    Role.EPIDEMIOLOGIST: Words("疾控", "Epidemiologist"),
    Role.RULE_OFFICER: Words("规则员", "Rule officer"),
    Role.DELEGATE: Words("联盟代表", "Delegate"),
    Role.AUDITOR: Words("审计员", "Auditor"),
    Role.OPERATOR: Words("运维", "Operator"),
}

# Why a person's data may be opened at a desk: a closed list, and no other.
PURPOSES: Final[Mapping[str, Words]] = {
    "issue": Words("签发或补打本人的卡", "To issue or print this person's card"),
    "correct": Words("更正或撤回本人的卡", "To correct or withdraw this person's card"),
    "care": Words("看诊、接种、体检", "For care: a visit, a vaccination, an examination"),
    "help": Words("本人请求代办", "The person asked for help"),
}
