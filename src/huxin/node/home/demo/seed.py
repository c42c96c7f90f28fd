"""The demo's rows: places, accounts, people, two weeks of cards.  Run once for a new node.

Cards are signed by the action that signs every card, with `now=` in the past, so that lists and
charts are not empty; all dates count back from the day the demo was made.

- only where the label is `demo` and there is no person yet: whatever else a database holds, it is
  somebody's;
- people and cards come from the packs' demo people and from names put together here; nobody is real.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle, islice
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import make_password

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people, sessions
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Grant, Organisation, Person, Proxy, User
from huxin.node.home.demo import appeals, forum, names, public, visits
from huxin.node.home.demo.cast import PASSWORD, PLACES, Account, Place, accounts_of
from huxin.node.trust.actions.bulk import issue_many
from huxin.node.trust.actions.issue import Asked
from huxin.node.trust.actions.revoke import revoke
from huxin.packs import reader, shelf
from huxin.packs.entries import Entry, read_entry

__all__ = ["Seed"]

_DAYS: Final = 14
_A_DAY: Final = (3, 5, 4, 6, 2, 0, 1)  # cards on each weekday, Monday first
_TODAY: Final = (52, 33, 14)  # minutes ago
_PACKS: Final = shelf.SHIPPED
_CLINIC: Final = "clinic"
_YEAR: Final = timedelta(days=365)


class Seed:
    """Fills one node; `things` names what the tour's links lead to."""

    def __init__(self, now: datetime) -> None:
        if settings.HUXIN.environment != "demo" or Person.objects.exists():
            raise RefusalError("exists", "the demo fills only a new node of its own")
        self.region: str = settings.HUXIN.region
        self.now = now
        self.things: dict[str, str] = {}
        self._places: dict[str, Organisation] = {}
        self._users: dict[str, User] = {}
        self.people: dict[str, Person] = {}

    def fill(self) -> None:
        """Make everything, first things first."""
        self._make_places()
        for one in accounts_of(self.region):
            self._make_account(one)
        self._packs_people()
        children = self._children()
        self._history(children)
        if self.region == "QW":
            self._family()
            self._taken_back(children)
            visits.fill(self, self._places[_CLINIC], children)
            self._this_morning(children)
        public.fill(self)
        forum.fill(self)
        appeals.fill(self)
        self._own_cards_of_accounts()

    # ------------------------------------------------------------------------- places, accounts

    def _make_places(self) -> None:
        for place in PLACES:
            if place.region == self.region:
                self._places[place.key] = Organisation.objects.create(
                    name_zh=place.words.zh, name_en=place.words.en, hours=place.hours
                )

    @cached_property
    def _hash(self) -> str:
        # One hash for all: everybody is told the word, and each costs a third of a second.
        return make_password(PASSWORD)

    def _make_account(self, one: Account) -> None:
        user = User.objects.create(username=one.name, shown=one.shown, password=self._hash)
        place = self._places.get(one.place)
        Grant.objects.create(user=user, role=one.role.value, organisation=place)
        self._users[one.name] = user
        by = Actor(organisation=place.id) if place else NOBODY
        audit.record("made-account", by=by, now=self.ago(_DAYS), detail={"account": str(user.id)})

    def place(self) -> Place:
        """Return the region's clinic."""
        return next(one for one in PLACES if (one.region, one.key) == (self.region, _CLINIC))

    def _own_cards_of_accounts(self) -> None:
        for one in accounts_of(self.region):
            if one.person in self.people:
                user = self._users[one.name]
                user.person = self.people[one.person]
                user.save(update_fields=["person"])

    # --------------------------------------------------------------------------- people, cards

    def ago(self, days: float) -> datetime:
        """Return the instant so many days before the demo was made."""
        return self.now - timedelta(days=days)

    def actor(self, name: str) -> Actor:
        """Return who an account is."""
        return sessions.actor_of_user(self._users[name], self.now)

    def person(self, row: Mapping[str, str], at: datetime) -> Person:
        """Return somebody of the clinic, registered there now if they were not."""
        name = row.get("name") or row.get("latin", "")
        if name not in self.people:
            fields = {key: row.get(key, "") for key in people.FIELDS}
            self.people[name] = people.register(fields, by=self.actor("clerk"), now=at)
        return self.people[name]

    def _asked(self, pack: str, row: Mapping[str, str], at: datetime) -> Asked:
        today = local_day(at)
        entry = read_entry(reader.pack(pack), row, today=today)
        assert isinstance(entry, Entry), entry
        return Asked(self.person(row, at), entry, dict(row), uuid.uuid4())

    def _issue(self, pack: str, rows: list[Mapping[str, str]], at: datetime) -> list[Any]:
        asked = [self._asked(pack, row, at) for row in rows]
        return list(issue_many(asked, by=self.actor("clerk"), now=at))

    def _packs_people(self) -> None:
        """Give each of the packs' demo people their card, on some day of the week before last."""
        begin = self.ago(_DAYS)
        for pack in _PACKS:
            for number, one in enumerate(reader.demo_people(pack, begin.date())):
                if one.region != self.region:
                    continue
                at = begin + timedelta(days=number % 6, minutes=7 * number)
                (card,) = self._issue(pack, [one.row], at)
                if one.row.get("name") == "林㑇":
                    self.things |= {"child": str(card.person_id), "child-card": str(card.id)}

    def _history(self, children: Iterator[Mapping[str, str]]) -> None:
        """Issue a few cards on each of the last days, more on some weekdays than on others."""
        for back in range(_DAYS, 0, -1):
            noon = self.ago(back).replace(hour=2, minute=15)
            rows = list(islice(children, _A_DAY[noon.weekday()]))
            for minutes, row in enumerate(rows):
                at = noon + timedelta(minutes=11 * minutes)
                given = {"date": at.date().isoformat(), "batch": "DEMO-0042"}
                self._issue("school-entry", [{**row, **given}], at)

    def _this_morning(self, children: Iterator[Mapping[str, str]]) -> None:
        """Issue what the clerk has signed today, if the day is old enough."""
        zone = settings.HUXIN.time_zone
        for minutes in _TODAY:
            at = self.now - timedelta(minutes=minutes)
            if at.astimezone(zone).date() == self.now.astimezone(zone).date():
                given = {"date": at.astimezone(zone).date().isoformat(), "batch": "DEMO-0042"}
                self._issue("school-entry", [{**next(children), **given}], at)

    def _children(self) -> Iterator[Mapping[str, str]]:
        year = self.now.year
        vaccines = cycle((("mmr", "2"), ("dtp", "4"), ("je", "2"), ("polio", "4"), ("hepa", "1")))
        for (name, latin), (vaccine, dose) in zip(
            names.invented(self.region), vaccines, strict=False
        ):
            born = f"{year - 4 - len(latin) % 3}-{1 + len(name) % 9:02d}-{10 + len(latin):02d}"
            yield {"name": name, "latin": latin, "birth": born, "vaccine": vaccine, "dose": dose,
                   "office": self._places[_CLINIC].name_zh}  # fmt: skip

    # ------------------------------------------------------------------- a family and a neighbour

    def _family(self) -> None:
        """Make a mother with her child, a grandmother without a telephone, and who helps her."""
        at = self.ago(10)
        mother = self.person({"name": "林桥", "latin": "LIN QIAO", "birth": "1991-05-02"}, at)
        helper = self.person({"name": "陆小满", "latin": "LU XIAOMAN", "birth": "1998-05-21"}, at)
        shot = (at - timedelta(days=3)).date().isoformat()
        journey = {
            "name": "沈月桥", "latin": "SHEN YUEQIAO", "birth": "1941-09-09", "sex": "女",
            "nationality": "UTO", "document": "SPEC00541", "disease": "脊灰", "date": shot, "dose": "1",
            "batch": "DEMO-PV-03", "centre": "苇洲国际旅行门诊", "office": "苇洲国际旅行门诊",
        }  # fmt: skip
        (card,) = self._issue("icvp", [journey], at)
        elder = self.people["沈月桥"]
        self.things |= {"elder": str(elder.id), "elder-card": str(card.id)}
        self._may_act(mother, self.people["林㑇"], "guardian", at)
        self._may_act(helper, elder, "helper", at)
        self._issue("occupational-health", [_cook(self.ago(380))], self.ago(380))
        (guest,) = self._issue("school-entry", [_guest(self.ago(8))], self.ago(8))
        self.things["guest-card"] = str(guest.id)

    def _taken_back(self, children: Iterator[Mapping[str, str]]) -> None:
        """Withdraw a card on the day after it was issued, as a clerk who misread a booklet does."""
        at = self.ago(6)
        row = {**next(children), "date": at.date().isoformat(), "batch": "DEMO-0042"}
        (card,) = self._issue("school-entry", [row], at)
        note = "接种本上是另一剂。 The booklet says another dose."
        revoke(card, "wrong-facts", note, by=self.actor("clerk"), now=self.ago(5))

    def _may_act(self, holder: Person, person: Person, kind: str, at: datetime) -> None:
        by = self.actor("clerk")
        made = Proxy.objects.create(
            person=person, holder=holder, kind=kind, recorded_by=by.staff().user,
            consent="到窗口当面同意，留有签名。 Agreed at the desk, in person; signed.",
            begins=at, ends=at + _YEAR,
        )  # fmt: skip
        audit.record("recorded-proxy", by=by, now=at, subject=person.id, about=(made, "help"))


def _guest(at: datetime) -> dict[str, str]:
    """A guest of the forum, whose dose is eight days old: the forum's rule asks for ten."""
    return {"name": "柳望舒", "latin": "LIU WANGSHU", "birth": "1988-04-11", "vaccine": "mmr",
            "dose": "1", "date": at.date().isoformat(), "batch": "DEMO-0042", "office": "河埠头接种门诊"}  # fmt: skip


def _cook(at: datetime) -> dict[str, str]:
    """The mother's own card, of her work in a kitchen: it ended two weeks ago."""
    return {"name": "林桥", "latin": "LIN QIAO", "birth": "1991-05-02", "work_class": "食品",
            "date": at.date().isoformat(), "centre": "河埠头接种门诊", "office": "河埠头接种门诊"}  # fmt: skip
