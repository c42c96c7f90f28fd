"""Who may act for whom: what has to be there, and that an ended one is nothing any more."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base import proxies
from huxin.node.base.actor import NOBODY
from huxin.node.base.local_day import local_day
from huxin.node.base.models import AuditEntry, Message, Proxy
from huxin.node.base.permissions import Role
from huxin.node.base.proxies import Consent


@pytest.fixture
def scene(world):
    class Scene:
        clerk = world.actor(world.staff(Role.CLERK))
        elder = world.person("沈阿婆", birth="1941-02-03")
        helper = world.person("陆小满", birth="1988-04-05")

    return Scene


def consent(scene, world, **changes):
    asked = {
        "person": scene.elder, "holder": scene.helper, "kind": "helper", "how": "本人当面签字",
        "last_day": world.now.date() + timedelta(days=90), "request": uuid.uuid4(),
    } | changes  # fmt: skip
    return Consent(**asked)


def test_it_is_recorded_with_its_consent_and_the_person_is_told(world, scene):
    made = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    assert (made.kind, made.consent) == ("helper", "本人当面签字")
    assert Message.objects.get().person == scene.elder
    entry = AuditEntry.objects.get(action="recorded-proxy")
    assert (entry.subject, entry.purpose, entry.actor) == (scene.elder.id, "help", scene.clerk.user)
    helper = world.actor(world.resident(scene.helper))
    assert helper.represents == {scene.elder.id}


def test_the_last_day_counts_until_its_midnight(world, scene):
    made = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    helper = world.resident(scene.helper)
    world.now = made.ends - timedelta(seconds=1)
    assert world.actor(helper).represents == {scene.elder.id}
    world.now = made.ends
    assert world.actor(helper).represents == frozenset()


@pytest.mark.parametrize(
    ("birth", "last"),
    [
        ("2008-03-18", "2026-03-17"),
        ("2008-02-29", "2026-02-28"),
        ("2008-03", "2026-03-30"),
        ("2008", "2026-12-30"),
        ("", "2030-01-02"),  # unknown
        ("2007-06-01", "2030-01-02"),  # of age: a court's guardian
    ],
)
def test_a_childs_guardian_ends_when_the_child_is_surely_of_age(world, scene, birth, last):
    world.now = datetime(2025, 7, 1, 4, tzinfo=UTC)  # noon in the region
    child = world.person("林㑇", birth=birth)
    asked = consent(scene, world, person=child, kind="guardian", last_day=date(2030, 1, 2))
    made = proxies.record_proxy(asked, by=scene.clerk, now=world.now)
    assert Message.objects.get().blanks["date"] == last
    guardian = world.resident(scene.helper)
    world.now = made.ends - timedelta(seconds=1)
    assert local_day(world.now).isoformat() == last
    assert world.actor(guardian).represents == {child.id}
    world.now = made.ends
    assert world.actor(guardian).represents == frozenset()


def test_a_guardian_who_ends_sooner_and_a_helper_keep_the_day_that_was_agreed(world, scene):
    world.now = datetime(2025, 7, 1, 4, tzinfo=UTC)
    child = world.person("林㑇", birth="2008-03-18")
    for kind, day in (("guardian", date(2025, 12, 1)), ("helper", date(2026, 6, 1))):
        asked = consent(scene, world, person=child, kind=kind, last_day=day)
        made = proxies.record_proxy(asked, by=scene.clerk, now=world.now)
        assert local_day(made.ends - timedelta(seconds=1)) == day


def test_a_second_click_records_nothing_new(world, scene):
    asked = consent(scene, world)
    first = proxies.record_proxy(asked, by=scene.clerk, now=world.now)
    assert proxies.record_proxy(asked, by=scene.clerk, now=world.now) == first
    assert (Proxy.objects.count(), Message.objects.count()) == (1, 1)
    other = consent(scene, world, person=world.person("顾小舟"), request=asked.request)
    with pytest.raises(RefusalError, match="exists"):
        proxies.record_proxy(other, by=scene.clerk, now=world.now)


def test_a_new_one_replaces_the_one_that_runs(world, scene):
    first = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    world.now += timedelta(minutes=1)
    second = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    running, past = proxies.recorded_for(scene.elder.id, now=world.now)
    assert (running, past) == ([second], [first])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"how": "  "}, "missing"),
        ({"how": "x" * 301}, "bad-input"),
        ({"kind": "owner"}, "bad-input"),
        ({"holder": "themselves"}, "bad-input"),
        ({"holder": "unknown here"}, "bad-input"),
        ({"last_day": -2}, "bad-input"),
        ({"last_day": 368}, "bad-input"),
        ({"kind": "guardian", "last_day": 5 * 366 + 2}, "bad-input"),
    ],
)
def test_what_cannot_be_is_refused(world, scene, changes, code):
    if changes.get("holder") == "themselves":
        changes = {"holder": scene.elder}
    if changes.get("holder") == "unknown here":
        changes = {"holder": world.person("顾小舟", at=world.elsewhere)}
    if "last_day" in changes:
        changes = {**changes, "last_day": world.now.date() + timedelta(days=changes["last_day"])}
    with pytest.raises(RefusalError) as error:
        proxies.record_proxy(consent(scene, world, **changes), by=scene.clerk, now=world.now)
    assert error.value.refusal.code == code
    assert not Proxy.objects.exists()


@pytest.mark.parametrize("who", ["person", "holder", "desk"])
def test_it_is_ended_at_once_and_nobody_is_told(world, scene, who):
    made = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    Message.objects.all().delete()
    helper = world.resident(scene.helper)
    by = {
        "person": world.actor(world.resident(scene.elder)),
        "holder": world.actor(helper),
        "desk": scene.clerk,
    }[who]
    for _ in range(2):
        ended = proxies.end(made.id, by=by, now=world.now)
        assert ended is not None
        assert ended.ended_at == world.now
    assert world.actor(helper).represents == frozenset()
    assert AuditEntry.objects.filter(action="ended-proxy").count() == 1
    assert not Message.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "other desk", "nobody"])
def test_others_do_not_end_it(world, scene, who):
    made = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    by = {
        "stranger": world.actor(world.resident(world.person("顾小舟"))),
        "other desk": world.actor(world.staff(Role.CLERK, at=world.elsewhere)),
        "nobody": NOBODY,
    }[who]
    assert proxies.end(made.id, by=by, now=world.now) is None
    assert proxies.one_of(made.id, by=by, now=world.now) is None
    assert Proxy.objects.get().ended_at is None


def test_one_that_ran_out_stays_as_it_ended(world, scene):
    made = proxies.record_proxy(consent(scene, world), by=scene.clerk, now=world.now)
    proxies.end(made.id, by=scene.clerk, now=made.ends)
    assert Proxy.objects.get().ended_at is None
