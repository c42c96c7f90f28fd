"""People, accounts and cards in the node's database, for tests: `World` makes what a test names.

def test_…(world):
    clerk = world.staff(Role.CLERK)
    child = world.person("林㑇", birth="2020-03-18")
    card = world.card(child, by=clerk)
    client = world.client(clerk)
"""

import dataclasses
import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from huxin.adapters import clock
from huxin.node.base import people, sessions
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.models import Grant, Organisation, Person, Proxy, User
from huxin.node.base.permissions import Role
from huxin.node.clinic.actions import visits
from huxin.node.clinic.models import Slot, Visit
from huxin.node.trust.actions import appeals, issue, notices, rules, sheets
from huxin.node.trust.models import Card, IssueRequest, Notice, PublishedRule, SessionSheet
from huxin.node.trust.queries.rule_desk import of_pack
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import Words

PASSWORD = "a good long word 7"
KIND = "vaccination"
DOSE = {"vaccine": "mmr", "dose": "1", "date": "2025-03-20"}

NOTICE = {
    "title": Words("周末加开补种门诊", "Catch-up clinic at the weekend"),
    "body": Words("周六 8:00 到 16:00。\n带任何证件都行。", "Saturday 8:00 to 16:00.\nAny document will do."),
    "author": Words("灯湾卫生服务中心", "Lantern Bay Health Centre"),
    "source": "灯湾 2026-11 接种安排",
}  # fmt: skip


class World:
    """Makes rows as actions do; `now` is the present unless a test sets it."""

    def __init__(self) -> None:
        self.now: datetime = clock.now()

    @cached_property
    def centre(self) -> Organisation:
        return Organisation.objects.create(name_zh="河埠头服务中心", name_en="Wharf Centre")

    @cached_property
    def elsewhere(self) -> Organisation:
        return Organisation.objects.create(name_zh="桥东门诊", name_en="East Bridge Clinic")

    def account(self, name: str, *, person: Person | None = None) -> User:
        user = User(username=name, shown=name, person=person)
        user.password = _hashed()
        user.save()
        return user

    def staff(self, role: Role, *, at: Organisation | None = None, name: str | None = None) -> User:
        user = self.account(name or f"{role.value}-{uuid.uuid4().hex[:6]}")
        Grant.objects.create(user=user, role=role.value, organisation=at or self.centre)
        return user

    def resident(self, person: Person, name: str | None = None) -> User:
        user = self.account(name or f"resident-{uuid.uuid4().hex[:6]}", person=person)
        Grant.objects.create(user=user, role=Role.RESIDENT.value)
        return user

    def actor(self, user: User) -> Actor:
        return sessions.actor_of_user(user, self.now)

    def user(self, actor: Actor) -> User:
        """The account behind an actor."""
        return User.objects.get(id=actor.staff().user)

    def person(
        self,
        name: str = "林㑇",
        *,
        birth: str = "2020-03-18",
        at: Organisation | None = None,
        **fields: str,
    ) -> Person:
        by = Actor(user=uuid.uuid4(), organisation=(at or self.centre).id)
        return people.register({"name": name, "birth": birth, **fields}, by=by, now=self.now)

    def guardian(self, child: Person, holder: Person, *, days: int = 365) -> Proxy:
        return Proxy.objects.create(
            person=child, holder=holder, kind="guardian", consent="signed at the desk",
            recorded_by=uuid.uuid4(), begins=self.now, ends=self.now + timedelta(days=days),
        )  # fmt: skip

    def asked(self, person: Person, **wish: Any) -> issue.Asked:
        pack = wish.pop("pack", "school-entry")
        check_up = {"work_class": "food", "date": self.now.date().isoformat()}
        done = check_up if pack == "occupational-health" else DOSE
        cells = {"name": person.name, "birth": person.birth, **done, **wish.pop("cells", {})}
        entry = read_entry(reader.pack(pack), cells, today=self.now.date())
        assert isinstance(entry, Entry), entry
        return issue.Asked(person, entry, cells, wish.pop("request", uuid.uuid4()), **wish)

    def card(self, person: Person, *, by: User, **wish: Any) -> Card:
        made = issue.issue_card(self.asked(person, **wish), by=self.actor(by), now=self.now)
        assert isinstance(made, Card)
        return made

    def wish(self, person: Person, *, by: User, **wish: Any) -> IssueRequest:
        """A card past the daily limit, waiting for another officer."""
        node = dataclasses.replace(settings.HUXIN, daily=0)
        with override_settings(HUXIN=node):
            made = issue.issue_card(self.asked(person, **wish), by=self.actor(by), now=self.now)
        assert isinstance(made, IssueRequest)
        return made

    def slot(self, starts: datetime, *, at: Organisation | None = None, kind: str = KIND) -> Slot:
        found = {"organisation": at or self.centre, "kind": kind, "starts": starts}
        return Slot.objects.create(**found, number=Slot.objects.filter(**found).count() + 1)

    def visit(
        self,
        person: Person,
        *,
        starts: datetime | None = None,
        at: Organisation | None = None,
        kind: str = KIND,
    ) -> Visit:
        slot = self.slot(starts or self.now + timedelta(minutes=30), at=at, kind=kind)
        by = Actor(user=uuid.uuid4(), person=person.id)
        return visits.book(visits.Booking(person, slot, uuid.uuid4()), by=by, now=self.now)

    def notice(self, *, by: User, published: bool = True, **said: Any) -> Notice:
        """A notice of the officer's organisation."""
        text = notices.Said(**{**NOTICE, "expires": self.now.date() + timedelta(days=30), **said})
        actor = self.actor(by)
        draft = notices.write(text, notice=None, request=uuid.uuid4(), by=actor, now=self.now)
        if published:
            notices.publish(draft.notice_id, seen=draft.written_at, by=actor, now=self.now)
        return draft.notice

    def rules(self, pack: str, *, by: User | None = None, days: int = 200) -> list[PublishedRule]:
        """The rules of a pack, published ten days ago and in force for a week."""
        found = PublishedRule.objects.filter(pack=pack).order_by("rule")
        if not found.exists():
            then = self.now - timedelta(days=10)
            first = then + timedelta(days=3)
            self.publish(pack, first, first + timedelta(days=days), by=by, now=then)
        return list(found)

    def publish(
        self, pack: str, first: datetime, last: datetime, *, by: User | None = None, now: datetime
    ) -> list[PublishedRule]:
        """Publish a pack's rules at `now`, proposed by one officer and agreed to by another."""
        officer = self.actor(by or self.staff(Role.RULE_OFFICER))
        proposal = of_pack(pack, valid_from=first, valid_until=last, now=now)
        return rules.publish(proposal, rules.Source(uuid.uuid4(), pack=pack), by=officer, now=now)

    def appeal(
        self,
        text: str = "孩子有两剂，写成一剂。",
        *,
        person: Person | None = None,
        by: Actor = NOBODY,
        **said: Any,
    ) -> appeals.Receipt:
        """An appeal; about no rule unless a purpose is said."""
        key = said.pop("request", uuid.uuid4())
        told = appeals.Said(**{"purpose": "", "rule": "", "version": "", **said}, text=text, person=person)  # fmt: skip
        return appeals.appeal(told, request=key, by=by, now=self.now)

    def sheet(self, *names: str, by: User) -> SessionSheet:
        """A session sheet with these names, all born on one day."""
        rows = [{"name": name, "birth": "2020-03-18"} for name in names or ("林㑇", "顾小舟")]
        shared = {**DOSE, "batch": "0042"}
        new = sheets.NewSheet(uuid.uuid4(), "春季补种 · 麻腮风", "school-entry", shared, rows)
        return sheets.open_sheet(new, by=self.actor(by), now=self.now)

    def client(self, user: User | None = None) -> Client:
        """A browser without scripts, signed in as `user` a moment ago."""
        client = Client()
        if user is not None:
            client.force_login(user)
            session = client.session
            session["huxin_fresh_at"] = clock.now().timestamp()
            session.save()
        return client


def _hashed() -> str:
    # A real hash of PASSWORD takes a third of a second; tests that sign in make their own.
    return "!"
