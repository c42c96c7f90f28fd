"""What the region asks: publishing a pack's rules, the public pages, and the answer at a door."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from huxin.adapters import rule_files
from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.models import PublishedRule
from huxin.node.trust.queries import rules as queries

pytestmark = pytest.mark.django_db


def test_a_version_is_published_once_and_each_rule_leaves_an_entry(world):
    officer = world.staff(Role.RULE_OFFICER)
    made = world.rules("school-entry", by=officer)
    assert [row.rule for row in made] == ["SCHOOL-DTP", "SCHOOL-MEASLES", "SCHOOL-POLIO"]
    entries = AuditEntry.objects.filter(action="rule-published")
    assert {entry.detail["rule"] for entry in entries} == {row.rule for row in made}
    first = world.now + timedelta(days=5)
    with pytest.raises(RefusalError) as caught:
        world.publish("school-entry", first, first + timedelta(days=9), by=officer, now=world.now)
    assert caught.value.refusal.code == "rule-version"
    assert (PublishedRule.objects.count(), entries.count()) == (3, 3)


def test_only_a_rule_officer_publishes_and_only_with_notice(world):
    now, later = world.now, world.now + timedelta(days=30)
    with pytest.raises(RefusalError) as caught:
        world.publish("icvp", later, later + timedelta(days=9), by=world.staff(Role.CLERK), now=now)
    assert caught.value.refusal.code == "bad-input"
    soon = now + timedelta(hours=47)
    with pytest.raises(RefusalError) as caught:
        world.publish("icvp", soon, later, now=now)
    assert caught.value.refusal.code == "lint-notice"
    assert PublishedRule.objects.count() == 0


def test_everybody_takes_the_rules_along_as_a_file(world, tmp_path):
    world.rules("school-entry")
    world.rules("pandemic", days=2)  # over since yesterday
    browser = world.client()
    assert 'href="/rules.json"' in browser.get("/rules").content.decode()
    given = browser.get("/rules.json")
    assert given["Content-Type"] == "application/json"
    assert given["Content-Disposition"] == 'attachment; filename="QW-rules.json"'
    path = tmp_path / "QW-rules.json"
    path.write_bytes(given.content)
    book = rule_files.read_book(path)
    assert book.purposes() == {"school"}
    assert {rule.id for rule in book.rules} == {rule.id for rule in queries.book(world.now).rules}
    assert browser.post("/rules.json").status_code == 405


def test_a_region_that_asks_nothing_gives_an_empty_file(world):
    browser = world.client()
    assert "rules.json" not in browser.get("/rules").content.decode()
    assert browser.get("/rules.json").json() == {
        "huxin": "rules", "version": 1, "rules": [], "valueSets": {},
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_reads_what_is_asked(world, language):
    world.rules("school-entry")
    world.rules("occupational-health", days=2)  # over since yesterday
    browser = world.client()
    browser.cookies["huxin_lang"] = language
    page = browser.get("/rules").content.decode()
    school, food = ("预防接种证", "健康证 · 食品") if language == "zh" else ("School entry", "Food")
    assert school in page
    assert food in page
    page = browser.get("/rules/school").content.decode()
    rule = PublishedRule.objects.get(rule="SCHOOL-MEASLES")
    assert rule.document["description"]["zh-Hans" if language == "zh" else "en"] in page
    assert ("现行" if language == "zh" else "In force") in page
    assert rule.valid_until.astimezone(settings.HUXIN.time_zone).date().isoformat() in page
    past = browser.get(reverse("rules-purpose", args=["work/food"])).content.decode()
    assert ("已经结束" if language == "zh" else "Ended") in past


def test_what_is_not_asked_has_no_page(world):
    world.rules("school-entry")
    assert world.client().get(reverse("rules-purpose", args=["entry/moon"])).status_code == 404
    assert "现在什么都不问" not in world.client().get("/rules").content.decode()


def test_where_nothing_is_asked_it_says_so(world):
    assert "现在什么都不问" in world.client().get("/rules").content.decode()


def test_what_is_to_come_decides_until_when_an_answer_holds(world):
    first = world.now + timedelta(days=5)
    world.publish("school-entry", first, first + timedelta(days=90), now=world.now)
    book = queries.book(world.now)
    assert book.asked("school", world.now) == ()
    assert len(book.asked("school", first)) == 3
    assert queries.purposes(world.now) == {}


def test_published_rules_are_compiled_once(world, monkeypatch):
    world.rules("school-entry")
    first = {rule.id: rule for rule in queries.book(world.now).rules}
    again = {rule.id: rule for rule in queries.book(world.now).rules}
    assert all(again[name] is rule for name, rule in first.items())
    monkeypatch.setattr(queries, "_MOST_KEPT", 0)
    queries._rules.clear()
    assert len(queries.book(world.now).rules) == 3
