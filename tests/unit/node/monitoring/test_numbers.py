import csv
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from huxin.adapters import clock
from huxin.node.base.permissions import Role
from huxin.node.monitoring.actions.count import count
from huxin.node.monitoring.models import CountedEvent, DailyCount

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def world(world, monkeypatch):
    world.now = NOON
    monkeypatch.setattr(clock, "now", lambda: world.now)
    return world


def happened(kind, times, *, at=NOON, pack="school-entry"):
    for _ in range(times):
        count(kind, pack, event=uuid.uuid4(), at=at)


def rows(client):
    text = client.get(reverse("numbers-csv")).content.decode()
    return {
        row["day"]: (row["recorded"], row["issued"]) for row in csv.DictReader(text.splitlines())
    }


def test_an_event_is_counted_once(world):
    event = uuid.uuid4()
    count("issued", "school-entry", event=event, at=NOON)
    count("issued", "school-entry", event=event, at=NOON)
    assert DailyCount.objects.get().value == 1


def test_a_day_begins_at_midnight_of_the_region(world):
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 00:30 of the 25th on the wall
    happened("issued", 1, at=late)
    assert DailyCount.objects.get().day == date(2026, 11, 25)


def test_small_counts_are_told_as_a_range_to_everybody(world):
    happened("recorded", 3)
    happened("issued", 4)
    happened("issued", 3, pack="icvp")
    assert rows(world.client())["2026-11-25"] == ("1–4", "7")
    page = world.client().get(reverse("numbers")).content.decode()
    assert "1–4" in page
    assert 'class="c-bar c-bar--2"' in page


def test_those_who_may_see_numbers_are_told_exactly(world):
    happened("recorded", 3)
    client = world.client(world.staff(Role.EPIDEMIOLOGIST))
    assert rows(client)["2026-11-25"] == ("3", "0")
    assert "准确数目" in client.get(reverse("numbers")).content.decode()


def test_four_weeks_are_shown_and_no_total(world):
    happened("issued", 6, at=NOON - timedelta(days=27))
    happened("issued", 6, at=NOON - timedelta(days=28))
    found = rows(world.client())
    assert len(found) == 28
    assert found["2026-10-29"] == ("0", "6")


def test_before_the_first_count_the_page_says_so(world):
    assert "还没有数字" in world.client().get(reverse("numbers")).content.decode()


def test_an_elder_reads_the_chart_in_large_type(world):
    happened("issued", 6)
    client = world.client()
    client.cookies["huxin_elder"] = "1"
    assert 'font-size="36"' in client.get(reverse("numbers")).content.decode()


def test_no_table_of_counts_knows_a_person():
    fields = {field.name for model in (DailyCount, CountedEvent) for field in model._meta.fields}
    assert fields == {"id", "day", "kind", "pack", "value", "event"}
