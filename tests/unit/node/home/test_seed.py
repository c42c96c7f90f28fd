"""The demo's people and cards: made by the node's own actions, only in a new node of the demo."""

import dataclasses
import io
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from huxin.adapters import clock
from huxin.clinic.offers import parse_hours
from huxin.node.base.models import AuditEntry, Grant, Message, Organisation, Proxy, User
from huxin.node.clinic.models import Record, Slot, Visit
from huxin.node.home.demo import from_afar, names, samples
from huxin.node.home.demo.cast import ACCOUNTS, PASSWORD, PLACES, REGIONS, account, accounts_of
from huxin.node.home.demo.seed import Seed
from huxin.node.monitoring.models import DailyCount
from huxin.node.trust.models import Card, Notice, Revocation
from huxin.node.trust.signing import trust_store
from huxin.trust import reading
from huxin.trust.verify import Basis, verify
from tests.lib.regions import Region

# Says that these tests use the database, so that it is made for this file alone too.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """A node of the demo, filled once for all tests here, and forgotten after them."""
    demo = dataclasses.replace(settings.HUXIN, environment="demo")
    with django_db_blocker.unblock(), override_settings(HUXIN=demo), transaction.atomic():
        # Ten in the morning, whatever time it is here: what the day looks like depends on it.
        seed = Seed(clock.now().replace(hour=2, minute=10))
        seed.fill()
        yield seed
        transaction.set_rollback(True)


def test_every_role_is_in_the_demo_and_works_somewhere():
    from huxin.node.base.permissions import Role

    assert {one.role for one in ACCOUNTS} == set(Role)
    places = {(one.region, one.key) for one in PLACES}
    for one in ACCOUNTS:
        assert one.region in REGIONS
        assert bool(one.place) != bool(one.person)
        assert not one.place or (one.region, one.place) in places
        assert account(one.region, one.name) is one


def test_names_are_invented_once_each():
    for region in (*REGIONS, "QY"):
        found = list(names.invented(region))
        assert len(found) == len(set(found)) == 104


def test_a_new_node_is_filled(seeded):
    assert User.objects.count() == Grant.objects.count() == len(accounts_of("QW"))
    assert User.objects.get(username="clerk").check_password(PASSWORD)
    assert Card.objects.count() == AuditEntry.objects.filter(action="issued").count() > 30
    days = {card.issued_at.date() for card in Card.objects.all()}
    assert len(days) > 10
    assert max(Card.objects.values_list("issued_at", flat=True)) < seeded.now


def test_the_mother_may_act_for_her_child_and_the_neighbour_for_the_elder(seeded):
    mother = User.objects.get(username="mother")
    kinds = dict(Proxy.objects.filter(holder=mother.person).values_list("person_id", "kind"))
    assert {str(person): kind for person, kind in kinds.items()} == {
        seeded.things["child"]: "guardian"
    }
    helper = User.objects.get(username="helper")
    assert Proxy.objects.get(holder=helper.person).kind == "helper"


def test_one_card_has_ended_and_the_childs_is_genuine(seeded):
    now, basis = seeded.now, Basis(trust_store(seeded.now))
    assert Card.objects.filter(last_day__lt=now.date()).exists()
    card = Card.objects.get(id=seeded.things["child-card"])
    assert verify(reading.open(card.text), basis, now=now).code == "ok"


def test_the_clinic_has_two_weeks_behind_it_and_visits_before_it(seeded):
    now = seeded.now
    done = Visit.objects.filter(state="recorded")
    assert done.count() == Record.objects.exclude(card=None).count() > 20
    assert all(visit.slot.starts < now for visit in done)
    today = Visit.objects.exclude(state="recorded")
    states = sorted(visit.state for visit in today)
    assert states == ["arrived", "arrived", "booked", "booked", "booked", "seen"]
    assert all((visit.slot.starts >= now) != (visit.state == "seen") for visit in today)
    assert DailyCount.objects.filter(kind="recorded").count() > 10


def test_one_card_was_withdrawn_and_its_holder_told(seeded):
    (row,) = Revocation.objects.all()
    assert row.reason == "wrong-facts"
    assert Message.objects.filter(person=row.card.person, kind="card-withdrawn").exists()


def test_a_notice_stands_with_its_correction(seeded):
    (notice,) = Notice.objects.all()
    versions = list(notice.versions.order_by("number"))
    assert [one.number for one in versions] == [1, 2]
    assert all(one.published_at for one in versions)
    assert "12:00" in versions[1].body_zh
    assert versions[1].reason_en
    assert versions[1].expires > seeded.now.date()


def test_the_samples_are_a_card_its_changed_twin_and_a_list(seeded, tmp_path):
    text, guest = (
        Card.objects.get(id=seeded.things[name]).text for name in ("child-card", "guest-card")
    )
    folder = tmp_path / "samples"
    folder.mkdir()
    # What the supervisor laid there before.
    for name in from_afar.CARDS:
        afar = from_afar.card_text(name, Region("QX", 7, environment="test"), now=seeded.now)
        (folder / f"{name}.txt").write_text(afar, "utf-8")
    samples.write(folder, text, guest, today=seeded.now.date())
    made = {path.name for path in folder.iterdir()}
    assert made == set(samples.FILES) - {"yesterday.bundle"}
    for name in from_afar.CARDS:
        (afar_card,) = reading.open((folder / f"{name}.png").read_bytes())
        assert afar_card.credential is not None
    basis, now = Basis(trust_store(seeded.now)), seeded.now + timedelta(minutes=1)
    for name, code in (("genuine", "ok"), ("changed", "signature")):
        for ending in ("txt", "png"):
            found = reading.open((folder / f"{name}.{ending}").read_bytes())
            assert verify(found, basis, now=now).code == code, (name, ending)
    book = openpyxl.load_workbook(io.BytesIO((folder / "people.xlsx").read_bytes()))
    assert [cell.value for cell in next(iter(book.worksheets[0].rows))][:3] == [
        "姓名",
        "拼音",
        "出生日期",
    ]
    book.close()


def test_what_stands_on_the_clinics_door_is_when_people_can_come(seeded):
    clinic = seeded.actor("clinician").staff().organisation
    place = Organisation.objects.get(id=clinic)
    begins, ends = parse_hours(place.hours)
    starts = [
        one.astimezone(settings.HUXIN.time_zone).time()
        for one in Slot.objects.filter(organisation=clinic).values_list("starts", flat=True)
    ]
    assert min(starts) == begins
    assert max(starts) < ends
