"""Appeals as they are read: by whoever holds the receipt, by the person, by the officers of the region.

- an appeal is made to the region: all its officers see that it waits, for which purpose and until when;
- what was said is shown to the officer who took it, and to nobody else; opening it is recorded;
- a person reads their own; whoever made one for them reads that one, as long as they may act for them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.models import Organisation
from huxin.node.trust.appeal_words import DECISIONS, NEXT_STEPS, left_words, next_step
from huxin.node.trust.models import Appeal, Hearing, PublishedRule
from huxin.node.trust.queries import rules
from huxin.node.trust.queries.appeal_bench import bench_of, officers
from huxin.packs.reader import Words
from huxin.trust.appeals import Decision, State, left, may_appeal_again, state
from huxin.trust.rules.explain import in_language

__all__ = [
    "GENUINE",
    "Line",
    "Shown",
    "Turn",
    "existing",
    "hearing_here",
    "open_hearings",
    "own_appeal",
    "own_appeals",
    "purpose_words",
    "purposes",
    "rules_asked",
    "shown",
    "waiting_here",
]

GENUINE: Final = "genuine"
"""How a form names the appeal against an answer that asked no rule: a card was not read, or not believed."""
_GENUINE_WORDS: Final = Words(
    "卡读不出，或没被当作真卡", "The card could not be read, or was not taken for genuine"
)
_MOST: Final = 200
_MOST_RULES: Final = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """One hearing in words."""

    turn: int
    text: str
    made_at: datetime
    due_at: datetime
    state: State
    left: Words
    late: bool
    office: Words | None
    decided_at: datetime | None
    decision: Words | None
    reason: str
    next_step: Words | None
    desk: Organisation | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An appeal in words: for whoever holds its receipt, and for the person."""

    id: uuid.UUID
    number: str
    purpose: Words
    purpose_id: str
    rule: Words | None
    turns: tuple[Turn, ...]
    again: bool

    @property
    def last(self) -> Turn:
        """The turn that counts now."""
        return self.turns[-1]


@dataclass(frozen=True, slots=True)
class Line:
    """An appeal that waits, as the officers' list has it.  `whose`: mine, other, or nobody's."""

    id: uuid.UUID
    number: str
    purpose: Words
    made_at: datetime
    due_at: datetime
    left: Words
    late: bool
    second: bool
    whose: str
    opens: bool


def purposes() -> dict[str, Words]:
    """Return what can be appealed against: each purpose that something was published for, and `genuine`."""
    found = PublishedRule.objects.order_by("purpose").values_list("purpose", flat=True).distinct()
    return {one: rules.asked_words(one) for one in found} | {GENUINE: _GENUINE_WORDS}


def purpose_words(purpose: str) -> Words:
    """Return the name of a purpose as an appeal keeps it."""
    return rules.asked_words(purpose) if purpose else _GENUINE_WORDS


def rules_asked(purpose: str, *, now: datetime) -> dict[str, Words]:
    """Return the versions of a purpose that were or are in force, newest first; keys are `ID version`."""
    found = [one for each in rules.asked(now, purpose) for one in each.versions]
    begun = sorted(
        (one for one in found if one.state != "coming"),
        key=lambda one: one.row.valid_from,
        reverse=True,
    )
    return {
        f"{one.rule.id} {one.rule.version_text}": _rule_words(one.row)
        for one in begun[:_MOST_RULES]
    }


def _rule_words(row: PublishedRule) -> Words:
    told = row.document["description"]
    zone = settings.HUXIN.time_zone
    since, until = row.valid_from.astimezone(zone), row.valid_until.astimezone(zone)
    when = f"{since:%Y-%m-%d} – {until:%Y-%m-%d}"
    return Words(
        f"{in_language(told, 'zh-Hans')}（{row.rule} {row.version}，{when}）",
        f"{in_language(told, 'en')} ({row.rule} {row.version}, {when})",
    )


def shown(appeal: Appeal, *, now: datetime) -> Shown:
    """Return an appeal in words; whoever asks was handed it before."""
    rule = PublishedRule.objects.filter(rule=appeal.rule, version=appeal.version).first()
    found = appeal.hearings.select_related("office", "desk").order_by("turn")
    turns = tuple([_turn(one, now) for one in found])
    last = turns[-1]
    return Shown(
        appeal.id,
        appeal.number,
        purpose_words(appeal.purpose),
        appeal.purpose or GENUINE,
        _rule_words(rule) if rule else None,
        turns,
        may_appeal_again(last.turn, decided=last.decided_at is not None),
    )


def _turn(one: Hearing, now: datetime) -> Turn:
    away = left(one.due_at, now)
    decision = Decision(one.decision) if one.decision else None
    return Turn(
        turn=one.turn,
        text=one.text,
        made_at=one.made_at,
        due_at=one.due_at,
        state=state(owned=one.owner is not None, decided=decision is not None),
        left=left_words(away),
        late=away.late and decision is None,
        office=Words(one.office.name_zh, one.office.name_en) if one.office else None,
        decided_at=one.decided_at,
        decision=DECISIONS[decision] if decision else None,
        reason=one.reason,
        next_step=NEXT_STEPS[next_step(decision, one.turn)] if decision else None,
        desk=one.desk,
    )


# ------------------------------------------------------------------------------------- officers


def _open() -> QuerySet[Hearing]:
    # What was said stays sealed here.
    waiting = Hearing.objects.filter(decided_at=None).select_related("appeal")
    return waiting.defer("text", "reason", "appeal__contact").order_by("due_at")


def waiting_here(*, by: Actor) -> int:
    """Return how many appeals wait for somebody to take them, or for this officer to decide them."""
    return _open().filter(Q(owner=None) | Q(owner=by.user)).count()


def open_hearings(*, by: Actor, now: datetime) -> list[Line]:
    """Return what waits in the region, by deadline: purpose and times, nothing of what was said."""
    everybody = officers()
    return [_line(one, everybody, by, now) for one in _open()[:_MOST]]


def _line(one: Hearing, everybody: frozenset[uuid.UUID], by: Actor, now: datetime) -> Line:
    away = left(one.due_at, now)
    mine = one.owner == by.user
    may = by.user is not None and bench_of(one, everybody).may_decide(by.user)
    return Line(
        id=one.id,
        number=one.appeal.number,
        purpose=purpose_words(one.appeal.purpose),
        made_at=one.made_at,
        due_at=one.due_at,
        left=left_words(away),
        late=away.late,
        second=one.turn > 1,
        whose="mine" if mine else "other" if one.owner else "",
        opens=mine or (may and (one.owner is None or away.late)),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A hearing as an officer opened it: in words only where they took it."""

    hearing: Hearing
    line: Line
    shown: Shown | None


def hearing_here(hearing: uuid.UUID, *, by: Actor, now: datetime) -> Opened | None:
    """Return an open hearing that the officer has or may take, or one that they decided.

    What was said is given to whoever took it; that they opened it is recorded.
    """
    found = Hearing.objects.filter(id=hearing).select_related("appeal").first()
    if found is None:
        return None
    line = _line(found, officers(), by, now)
    if line.whose != "mine":
        return Opened(found, line, None) if line.opens and not found.decided_at else None
    appeal = found.appeal
    audit.record("opened-appeal", by=by, now=now, subject=appeal.person_id, about=(appeal, ""))
    return Opened(found, line, shown(appeal, now=now))


# --------------------------------------------------------------------------------------- people


def _own(by: Actor) -> QuerySet[Appeal]:
    made = Q(by=by.user, at_desk=False, person__in=by.represents)
    mine = Q(person_id=by.person) if by.person else Q(pk__in=())
    return Appeal.objects.filter(mine | made).select_related("person")


def own_appeals(*, by: Actor, now: datetime) -> list[tuple[Shown, str]]:
    """Return the actor's own appeals and those they made for others, newest first, with whose it is."""
    return [
        (shown(one, now=now), "" if one.person_id == by.person else _name(one))
        for one in _own(by).order_by("-made_at")[:_MOST]
    ]


def _name(appeal: Appeal) -> str:
    return appeal.person.shown if appeal.person else ""


def own_appeal(appeal: uuid.UUID, *, by: Actor, now: datetime) -> Appeal | None:
    """Return an appeal that is the actor's to read; a look at somebody else's is recorded."""
    found = _own(by).filter(id=appeal).first()
    if found is not None and found.person_id != by.person:
        audit.record(
            "opened-appeal", by=by, now=now, subject=found.person_id, about=(found, "help")
        )
    return found


def existing(appeals: set[str], *, by: Actor) -> set[str]:
    """Return which of these appeals are still kept and the actor's to read."""
    return {str(one) for one in _own(by).filter(id__in=appeals).values_list("id", flat=True)}
