"""Writes into the database of a node that runs, for browser tests: a process of its own, asked by lines.

    {"do": "staff", "role": "clerk"}   →  {"is": {"name": …, "password": …}}
    {"do": "session", "name": …}       →  {"is": "the value of a session's cookie"}

Standard input and output are the line; HUXIN_NODE names the node.  The process ends with its input.
"""

import json
import sys
import traceback
import uuid
from typing import Any

import django

# As a browser made it for a device of tests that nobody has: good for showing, not for signing in.
PASSKEY = {
    "type": "public-key",
    "id": "fYz18xDzo2NJvafXApERVCWT92L6A37dOqB5wFiGeAc",
    "rawId": "fYz18xDzo2NJvafXApERVCWT92L6A37dOqB5wFiGeAc",
    "authenticatorAttachment": "platform",
    "response": {
        "clientDataJSON": (
            "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoibk5IdENnOTNiYjNrTUdTYVFhdmdpSWxneFNPTkdwSDdI"
            "bldVU3RSdkRRQSIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6NDc5ODUiLCJjcm9zc09yaWdpbiI6ZmFsc2V9"
        ),
        "attestationObject": (
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQF"
            "BgcIAQIDBAUGBwgAIH2M9fMQ86NjSb2n1wKREVQlk_di-gN-3TqgecBYhngHpQECAyYgASFYIMQmWW_sD0AfJKSF6Ftpiw9F"
            "1svkl6nV0viW02lEjVGXIlggESzxbEn9HVnwg_G7Lty9O3cVTGxodASQlCraTRtrVhs"
        ),
        "transports": ["internal"],
    },
    "clientExtensionResults": {"credProps": {}},
}


class Scribe:
    """Each public method is a word of the line; what it returns is JSON."""

    def __init__(self) -> None:
        from tests.lib.node_world import World

        self.world = World()

    def staff(self, role: str, shown: str = "") -> dict[str, str]:
        """An account of staff, which can sign in with the password of the tests."""
        from huxin.node.base.permissions import Role

        return self._account(self.world.staff(Role(role)), shown)

    def resident(self, person: str, shown: str = "") -> dict[str, str]:
        """An account of somebody who sees their own cards."""
        return self._account(self.world.resident(self._person(person)), shown)

    def person(self, **fields: Any) -> str:
        return str(self.world.person(**fields).id)

    def guardian(self, child: str, holder: str) -> str:
        """Consent recorded at the desk: `holder` acts for `child`."""
        return str(self.world.guardian(self._person(child), self._person(holder)).id)

    def card(self, person: str, by: str, **cells: str) -> str:
        return str(self.world.card(self._person(person), by=self._user(by), cells=cells).id)

    def of_lost_key(self, card: str, kid: str) -> int:
        """Have a card be one of a key that the node signs with no more."""
        from huxin.node.trust.models import Card

        return Card.objects.filter(id=uuid.UUID(card)).update(kid=kid)

    def codes(self, card: str) -> dict[str, str]:
        """What the code of a card holds, and the same with one digit changed."""
        from huxin.adapters.practice import changed_text
        from huxin.node.trust.models import Card
        from huxin.trust import reading

        text = Card.objects.get(id=uuid.UUID(card)).text
        (opened,) = reading.open(text)
        assert opened.credential is not None
        return {"genuine": text, "changed": changed_text(opened.credential)}

    def recorded(self, person: str, by: str) -> str:
        """A visit of today at which a dose was recorded, and its card issued."""
        from datetime import timedelta

        from huxin.clinic.visits import State
        from huxin.node.clinic.actions import visits

        world, actor = self.world, self.world.actor(self._user(by))
        visit = world.visit(self._person(person), starts=world.now + timedelta(seconds=1))
        for step in (State.ARRIVED, State.SEEN):
            visits.take_step(visit.id, step, by=actor, now=world.now)
        day = world.now.date().isoformat()
        asked = world.asked(visit.person, cells={"date": day, "batch": "LB-7"})
        visits.record(visit.id, asked.entry, asked.cells, by=actor, now=world.now)
        return str(visit.id)

    def rules(self, pack: str) -> list[str]:
        """The rules of a pack, in force for a week; returns their numbers."""
        return [one.rule for one in self.world.rules(pack)]

    def failed_event(self, name: str) -> str:
        """An event that could not be told so often that nobody tries any more."""
        from huxin.node.base.models import OutboxEvent

        fault = {"attempts": 20, "fault": "OperationalError", "payload": {}}
        return str(OutboxEvent.objects.create(name=name, at=self.world.now, **fault).id)

    def sheet(self, names: list[str], by: str) -> str:
        """A session sheet with these names."""
        return str(self.world.sheet(*names, by=self._user(by)).id)

    def ticked(self, sheet: str) -> list[str]:
        """The names on a sheet that are ticked."""
        from huxin.node.trust.models import SheetRow

        rows = SheetRow.objects.filter(sheet=uuid.UUID(sheet), ticked_at__isnull=False)
        return [row.cells["name"] for row in rows.order_by("position")]

    def rule_draft(self, by: str, *, waiting: bool = False, people: int = 500) -> str:
        """A draft of rules for travellers, tried on few people; handed in where `waiting`."""
        from huxin.node.trust.actions import rule_desk, rule_simulation
        from huxin.node.trust.queries import rule_texts

        world, actor = self.world, self.world.actor(self._user(by))
        text = rule_texts.of_pack("icvp", world.now)
        draft = rule_desk.begin(text, pack="icvp", request=uuid.uuid4(), by=actor, now=world.now)
        rule_simulation.start(draft.id, people=people, by=actor, now=world.now)
        draft.refresh_from_db()
        while rule_simulation.go_on.call(str(draft.id), draft.simulation_of) not in (
            0,
            draft.to_ask,
        ):
            pass  # nothing is left to do where the node's worker was faster
        if waiting:
            rule_desk.hand_in(draft.id, seen=draft.written_at, by=actor, now=world.now)
        return str(draft.id)

    def session(self, name: str) -> str:
        """The cookie of a browser that `name` signed in with a moment ago."""
        from allauth.account.internal.flows import login
        from django.conf import settings

        user = self._user(name)
        client = self.world.client(user)
        session = client.session
        shown = {"method": "password", "at": session["huxin_fresh_at"], "reauthenticated": True}
        # The login library's own marks.
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [shown]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = login.user_id_to_str(user)
        session.save()
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def end_sessions(self) -> int:
        """End every session, as time does."""
        from django.contrib.sessions.models import Session

        return Session.objects.all().delete()[0]

    def addresses(self, role: str) -> dict[str, Any]:
        """For a role: an account, and where each page is that it sees, with things of its own."""
        from django.urls import reverse

        from huxin.node.base.permissions import Role
        from tests.house.test_node import ADDRESSES
        from tests.lib.matrix import MAKERS, Things, arguments

        things = Things(self.world)
        user = things.user(Role(role))
        own = {name: things.own(name, Role(role)) for _, name, _ in ADDRESSES
               if MAKERS.keys() >= set(arguments(name))}  # fmt: skip
        key = self._passkey(user)
        own |= {name: {"pk": key} for _, name, _ in ADDRESSES if arguments(name) == ("pk",)}
        paths = {name: reverse(name, kwargs=kwargs) for name, kwargs in own.items()}
        return {"account": self._account(user, ""), "paths": paths}

    def _passkey(self, user: Any) -> Any:
        from allauth.mfa.models import Authenticator

        data = {"name": "a key of tests", "credential": PASSKEY}
        return Authenticator.objects.create(user=user, type="webauthn", data=data).pk

    def _account(self, user: Any, shown: str) -> dict[str, str]:
        from tests.lib.node_world import PASSWORD

        user.shown = shown or user.shown
        user.set_password(PASSWORD)
        user.save()
        return {"name": user.username, "shown": user.shown, "password": PASSWORD}

    def _person(self, person: str) -> Any:
        from huxin.node.base.models import Person

        return Person.objects.get(id=uuid.UUID(person))

    def _user(self, name: str) -> Any:
        from huxin.node.base.models import User

        return User.objects.get(username=name)


def main() -> None:
    django.setup()
    scribe = Scribe()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"is": getattr(scribe, asked.pop("do"))(**asked)}
        except Exception:  # noqa: BLE001  # the test that asked is told, and fails
            answer = {"trouble": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
