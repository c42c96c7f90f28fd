"""What the access matrix puts into addresses: one thing of each kind, own and others'."""

import uuid
from collections.abc import Callable
from typing import Any

from django.urls import get_resolver

from huxin.node.base.actor import Actor
from huxin.node.base.models import User
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import (
    decide_appeals,
    recall_run,
    recalls,
    reports,
    rule_desk,
    withdrawals,
)
from tests.lib.node_world import World

# Pages that show others' things on purpose: what a region says in public, and the drafts of its rules, which
# are the region's and not one organisation's.
OTHERS_PAGES = frozenset(
    {
        *("notice", "notice-picture", "rules-purpose"),
        *("status-list", "status-set", "status-delta", "status-token"),
        *("rule-draft", "rule-draft-step", "rule-draft-decide"),
        *("verifier-file", "wallet-offline-file"),
    }
)


def arguments(name: str) -> tuple[str, ...]:
    """The names of the arguments in an address."""
    ((_, names),) = get_resolver().reverse_dict.getlist(name)[0][0][:1]
    return tuple(names)


class Things:
    """A staffed centre with a person and their things, and the same elsewhere."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.person = world.person("林㑇")
        self.stranger = world.person("顾小舟", at=world.elsewhere)
        self._clerk = world.staff(Role.CLERK)
        self._foreign = world.staff(Role.CLERK, at=world.elsewhere)
        self._made: dict[tuple[str, bool], Any] = {}

    def user(self, role: Role) -> User:
        if role in (Role.RESIDENT, Role.HELPER):
            return self.world.resident(self.person)
        return self.world.staff(role)

    def own(self, name: str, role: Role | None) -> dict[str, Any]:
        return {one: self._thing(one, own=True) for one in arguments(name)}

    def others(self, name: str) -> dict[str, Any]:
        return {one: self._thing(one, own=False) for one in arguments(name)}

    def invented(self, name: str) -> dict[str, Any] | None:
        """The same with identifiers of nothing; `None` where nothing in it identifies."""
        kwargs = self.own(name, None)
        if not any(isinstance(value, uuid.UUID) for value in kwargs.values()):
            return None
        return {
            key: uuid.uuid4() if isinstance(value, uuid.UUID) else value
            for key, value in kwargs.items()
        }

    def _thing(self, argument: str, *, own: bool) -> Any:
        place = (argument, own)
        if place not in self._made:
            self._made[place] = MAKERS[argument](self, own)
        return self._made[place]


def _card(things: Things, own: bool) -> Any:
    person, clerk = (things.person, things._clerk) if own else (things.stranger, things._foreign)
    return things.world.card(person, by=clerk).id


def _wish(things: Things, own: bool) -> Any:
    person, clerk = (things.person, things._clerk) if own else (things.stranger, things._foreign)
    return things.world.wish(person, by=clerk).id


def _withdrawal(things: Things, own: bool) -> Any:
    person, clerk = (things.person, things._clerk) if own else (things.stranger, things._foreign)
    world = things.world
    card = world.card(person, by=clerk)
    return withdrawals.ask(card, "lost", "", by=world.actor(clerk), now=world.now).id


def _visit(things: Things, own: bool) -> Any:
    person = things.person if own else things.stranger
    place = things.world.centre if own else things.world.elsewhere
    return things.world.visit(person, at=place).id


def _notice(things: Things, own: bool) -> Any:
    at = things.world.centre if own else things.world.elsewhere
    return things.world.notice(by=things.world.staff(Role.RULE_OFFICER, at=at)).id


def _proxy(things: Things, own: bool) -> Any:
    person = things.person if own else things.stranger
    return things.world.guardian(person, things.world.person("林桥")).id


def _account(things: Things, own: bool) -> Any:
    """An operator looks after the staff's accounts; a resident's is not theirs."""
    user = things._clerk if own else things.world.resident(things.stranger)
    return user.id


def _report(things: Things, own: bool) -> Any:
    person, clerk = (things.person, things._clerk) if own else (things.stranger, things._foreign)
    card = things.world.card(person, by=clerk)
    by = Actor(user=uuid.uuid4(), person=person.id)
    return reports.report(card, "the date", request=uuid.uuid4(), by=by, now=things.world.now).id


def _appeal(things: Things, own: bool) -> Any:
    person = things.person if own else things.stranger
    by = Actor(user=uuid.uuid4(), person=person.id)
    return things.world.appeal(person=person, by=by).appeal.id


def _hearing(things: Things, own: bool) -> Any:
    """An appeal that waits is any officer's to take; one that another has is not."""
    world = things.world
    hearing = world.appeal().appeal.hearings.get().id
    if not own:
        other = world.actor(world.staff(Role.RULE_OFFICER, at=world.elsewhere))
        decide_appeals.take(hearing, by=other, now=world.now)
    return hearing


def _draft(things: Things, own: bool) -> Any:
    at = things.world.centre if own else things.world.elsewhere
    by = things.world.actor(things.world.staff(Role.RULE_OFFICER, at=at))
    return rule_desk.begin("{}", pack="", request=uuid.uuid4(), by=by, now=things.world.now).id


def _sheet(things: Things, own: bool) -> Any:
    return things.world.sheet(by=things._clerk if own else things._foreign).id


def _recall(things: Things, own: bool) -> Any:
    """One whose cards were looked out, so that a page of it does not change while it is looked at."""
    person, clerk = (things.person, things._clerk) if own else (things.stranger, things._foreign)
    things.world.card(person, by=clerk, cells={"batch": "0042"})
    by = things.world.actor(clerk)
    batch = recalls.Meant("batch-recalled", uuid.uuid4(), pack="school-entry", batch="0042")
    made = recalls.begin(batch, by=by, now=things.world.now).id
    while recall_run.go_on.call(str(made)):
        pass
    return made


# argument of an address → how to make the thing that it names
MAKERS: dict[str, Callable[[Things, bool], Any]] = {
    "appeal": _appeal,
    "card": _card,
    "hearing": _hearing,
    "visit": _visit,
    "person": lambda things, own: (things.person if own else things.stranger).id,
    "pack": lambda things, own: "school-entry",
    "wish": _wish,
    "withdrawal": _withdrawal,
    "sheet": _sheet,
    "draft": _draft,
    "notice": _notice,
    "proxy": _proxy,
    "account": _account,
    "recall": _recall,
    "report": _report,
    "number": lambda things, own: 1,
    "version": lambda things, own: 2,
    "proposal": lambda things, own: "0" * 64,
    "part": lambda things, own: "index.html",
    "name": lambda things, own: "data/rules.json",
    "file": lambda things, own: "metadata/timestamp.json",
    "purpose": lambda things, own: things.world.rules("school-entry")[0].purpose,
}
