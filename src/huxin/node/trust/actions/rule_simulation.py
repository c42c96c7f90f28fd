"""The simulation of a draft: asked of an invented population by a job, so that no page waits for it.

    start()     writes that a simulation is wanted, and asks the job for it
    go_on       the job: one turn of one purpose on everybody, then asks for the next

- a simulation is about one text and what was published at that moment: once either changes, it is over;
- each turn is kept when it is done; a job that was killed is begun again where it stopped;
- counts are all that is kept.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django_tasks import task

from huxin.adapters import clock
from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.trust.models import RuleDraft
from huxin.node.trust.queries import rule_desk as queries
from huxin.trust.rules.population import population
from huxin.trust.rules.proposal import Proposal, Turn
from huxin.trust.rules.simulate import effect_data, simulate

__all__ = ["PEOPLE", "go_on", "start"]

PEOPLE: Final = queries.PEOPLE
_SEED: Final = 1
_TOLD: Final = 5_000
_STALE: Final = timedelta(minutes=10)


def start(draft: uuid.UUID, *, people: int | None = None, by: Actor, now: datetime) -> RuleDraft:
    """Have a draft be simulated; refuses with what is against it, with `state` what is not open.

    A simulation of the same text that is under way or done is left as it is, but for one that stands still.
    """
    if not by.may(Permission.RULES):
        raise RefusalError("bad-input", "not theirs")
    proposal, text = _to_simulate(draft, now)
    people = people or queries.people()
    with transaction.atomic():
        found = RuleDraft.objects.select_for_update().get(id=draft)
        if found.text != text or found.state != "draft":
            raise RefusalError("state", "it changed since it was looked at")
        wanted = queries.digest(text)
        if found.simulation_of != wanted:
            found.simulation_of, found.effects, found.asked = wanted, [], 0
            found.people, found.to_ask = people, people * len(proposal.turns())
            audit.record("rule-draft-simulated", by=by, now=now, about=(found, ""))
        elif found.asked >= found.to_ask or (
            found.simulation_at and found.simulation_at > now - _STALE
        ):
            return found
        found.simulation_at = now
        found.save()
        go_on.enqueue(str(found.id), wanted)
    return found


def _to_simulate(draft: uuid.UUID, now: datetime) -> tuple[Proposal, str]:
    found = queries.draft(draft)
    if found is None:
        raise RefusalError("state", "no such draft")
    judged = queries.judge(found.text, now)
    if judged.proposal is None:
        refusal = judged.refusal or Refusal("rule-shape")
        raise RefusalError(refusal.code, refusal.detail)
    if not judged.can_be_simulated:
        raise RefusalError(judged.faults[0].fault.code, judged.faults[0].fault.place)
    return judged.proposal, found.text


@task()
def go_on(draft: str, wanted: str) -> int:
    """Try one turn (a job), and ask for the next; returns how many people have been asked."""
    now = clock.now()
    found = RuleDraft.objects.get(id=uuid.UUID(draft))
    if found.simulation_of != wanted or queries.digest(found.text) != wanted:
        return 0
    done = len(found.effects)
    turns = queries.read(found.text, now).turns()
    if done >= len(turns):
        return int(found.asked)
    effect = _simulated(found, turns[done], done)
    with transaction.atomic():
        here = RuleDraft.objects.select_for_update().get(id=found.id)
        if here.simulation_of != wanted or len(here.effects) != done:
            return 0
        here.effects = [*here.effects, {"at": turns[done].at.isoformat(), **effect}]
        here.asked, here.simulation_at = here.people * (done + 1), clock.now()
        here.save()
        if done + 1 < len(turns):
            go_on.enqueue(draft, wanted)
    return int(here.asked)


def _simulated(found: RuleDraft, turn: Turn, done: int) -> dict[str, object]:
    here = RuleDraft.objects.filter(id=found.id, simulation_of=found.simulation_of)

    def told(number: int) -> None:
        if number % _TOLD == 0 and number < found.people:
            here.update(asked=found.people * done + number, simulation_at=clock.now())

    people = population(seed=_SEED, size=found.people, today=turn.at.date())
    effect = simulate(turn.before, turn.after, turn.purpose, people, now=turn.at, told=told)
    return effect_data(effect)
