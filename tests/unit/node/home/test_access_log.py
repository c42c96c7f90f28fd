"""Who looked at my data: what the person reads, what a helper reads, and what nobody else does."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from huxin.node.base import audit, people
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry, Grant, User
from huxin.node.base.permissions import Role
from tests.lib.confidence import confide


@pytest.fixture
def scene(world):
    clerk = world.staff(Role.CLERK, name="gu-wanzhou")
    User.objects.filter(id=clerk.id).update(shown="顾晚舟")
    child = world.person("林㑇", birth="2020-03-18")
    mother = world.person("林桥", birth="1990-01-02")
    return SimpleNamespace(
        clerk=clerk,
        child=child,
        mother=mother,
        proxy=world.guardian(child, mother),
        card=world.card(child, by=clerk),
        own=world.resident(child),
        guardian=world.resident(mother),
        stranger=world.resident(world.person("阿依努尔·买买提", birth="1991")),
    )


def page(world, user, person=None, lang="zh", **more):
    client = world.client(user)
    client.cookies["huxin_lang"] = lang
    place = reverse("access-log-person", args=[person.id]) if person else reverse("access-log")
    return client.get(place, more)


def look(world, user, scene):
    return world.client(user).get(reverse("wallet-person", args=[scene.child.id]))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("河埠头服务中心的签发员", "查找时看到姓名", "签发或补打本人的卡", "签发了一张卡", "· 预防接种证")),
        ("en", ("Clerk, Wharf Centre", "while searching", "To issue or print", "Issued a card", "Does something look wrong?")),
    ],
)  # fmt: skip
def test_a_person_reads_who_when_what_and_why_and_no_officers_name(world, scene, lang, words):
    people.find("林㑇", "", purpose="issue", by=world.actor(scene.clerk), now=world.now)
    text = page(world, scene.own, lang=lang).content.decode()
    assert [word for word in words if word not in text] == []
    assert "顾晚舟" not in text
    assert "gu-wanzhou" not in text


def test_times_are_local(world, scene):
    world.now = world.now.replace(year=2025, month=1, day=31, hour=20, minute=5)
    audit.record(
        "opened-person", by=world.actor(scene.clerk), now=world.now, subject=scene.child.id
    )
    assert "2025-02-01 04:05" in page(world, scene.own).content.decode()


def test_who_may_act_for_the_person_is_named_and_a_stranger_is_not(world, scene):
    look(world, scene.guardian, scene)
    world.client(scene.stranger).get(reverse("card", args=[scene.card.id]))
    text = page(world, scene.own).content.decode()
    assert "监护人" in text
    assert "林桥" in text
    assert "另一位居民" in text
    assert "买买提" not in text
    assert "没有打开" in text


def test_whoever_acts_for_the_person_reads_it_too_and_that_is_written_once(world, scene):
    for _ in range(2):
        text = page(world, scene.guardian, scene.child).content.decode()
        assert "河埠头服务中心的签发员" in text
    assert AuditEntry.objects.filter(action="opened-access-log").count() == 1
    text = page(world, scene.own).content.decode()
    assert "看了这份记录" in text


def test_a_look_at_ones_own_is_written_nowhere(world, scene):
    before = AuditEntry.objects.count()
    assert page(world, scene.own).status_code == 200
    assert AuditEntry.objects.count() == before


def test_what_one_did_oneself_is_folded_away(world, scene):
    look(world, scene.guardian, scene)
    text = page(world, scene.guardian, scene.child).content.decode()
    above, _, folded = text.partition("<details><summary>您自己做的")
    assert "打开了卡包" in folded
    assert "打开了卡包" not in above


@pytest.mark.parametrize("who", ["stranger", "ended", "expired"])
def test_for_all_others_there_is_no_such_list(world, scene, who):
    user = scene.stranger if who == "stranger" else scene.guardian
    if who == "ended":
        scene.proxy.ended_at = world.now
    if who == "expired":
        scene.proxy.begins = world.now - timedelta(days=2)
        scene.proxy.ends = world.now - timedelta(days=1)
    scene.proxy.save()
    assert page(world, user, scene.child).status_code == 404
    assert page(world, user).status_code == 200
    assert not AuditEntry.objects.filter(action="opened-access-log").exists()


def test_an_empty_list_says_what_would_stand_there(world, scene):
    AuditEntry.objects.all().delete()
    assert "还没有别人看过" in page(world, scene.own).content.decode()


def test_an_account_without_a_person_is_told_whom_to_ask(world):
    user = world.account("empty")
    Grant.objects.create(user=user, role=Role.RESIDENT.value)
    assert "还没有对应的人" in page(world, user).content.decode()


def test_the_table_holds_every_line_and_starts_no_formula(world, scene):
    scene.mother.name = '=HYPERLINK("x")'
    scene.mother.save()
    look(world, scene.guardian, scene)
    answer = page(world, scene.own, **{"as": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == AuditEntry.objects.filter(subject=scene.child.id).count() + 1
    assert rows[0][0] == "时间"
    assert "林" not in answer["Content-Disposition"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_a_long_list_is_shown_in_pages(world, scene):
    by = world.actor(scene.clerk)
    audit.record_all(
        [audit.Note("opened-person", scene.child.id) for _ in range(70)], by=by, now=world.now
    )
    text = page(world, scene.own).content.decode()
    assert text.count("打开了登记的内容") == 30
    assert "page=3" in text
    assert page(world, scene.own, page="99").status_code == 200


def test_whoever_acts_for_the_person_does_not_read_of_other_helpers(world, scene):
    for code in ("ended-proxy", "recorded-proxy"):
        audit.record(code, by=world.actor(scene.own), now=world.now, subject=scene.child.id)
    assert "代办人" not in page(world, scene.guardian, scene.child).content.decode().split("odd")[0]
    assert "结束了一份代办" in page(world, scene.own).content.decode()


@pytest.mark.parametrize("ended", [False, True])
def test_one_who_acts_for_a_person_reads_nothing_of_another(world, scene, ended):
    uncle = world.person("何川", birth="1985")
    proxy = world.guardian(scene.child, uncle)
    user = world.resident(uncle)
    look(world, user, scene)
    page(world, user, scene.child)
    audit.record("claimed", by=NOBODY, now=world.now, subject=scene.child.id)
    if ended:
        proxy.ended_at = world.now
        proxy.save()
    shown = page(world, scene.guardian, scene.child).content.decode()
    table = page(world, scene.guardian, scene.child, **{"as": "csv"}).content.decode()
    for text in (shown, table):
        for words in ("何川", "监护人", "另一位居民", "打开了卡包"):
            assert words not in text
        assert "河埠头服务中心的签发员" in text
        assert "没有登录的人" in text
    own = page(world, scene.own).content.decode()
    assert "何川" in own
    assert "打开了卡包" in own


def test_an_officer_who_may_also_act_for_the_person_is_shown_at_the_desk(world, scene):
    User.objects.filter(id=scene.clerk.id).update(person=world.person("何川", birth="1985"))
    scene.clerk.refresh_from_db()
    world.guardian(scene.child, scene.clerk.person)
    shown = page(world, scene.guardian, scene.child).content.decode()
    assert "河埠头服务中心的签发员" in shown


def test_what_is_kept_from_a_guardian_is_not_in_the_list_either(world, scene, monkeypatch):
    confide(monkeypatch)
    world.wish(scene.child, by=scene.clerk)
    theirs = page(world, scene.guardian, scene.child).content.decode()
    own = page(world, scene.own).content.decode()
    for words in ("签发了一张卡", "请另一位签发员复核"):
        assert words in own
        assert words not in theirs


def test_entries_of_nobody_and_of_staff_who_left_are_told(world, scene):
    audit.record("claimed", by=NOBODY, now=world.now, subject=scene.child.id)
    scene.clerk.grants.all().delete()
    text = page(world, scene.own, lang="en").content.decode()
    assert "Somebody not signed in" in text
    assert "Staff, Wharf Centre" in text


def test_the_wallet_leads_here(world, scene):
    client = world.client(scene.guardian)
    assert reverse("access-log") in client.get(reverse("wallet")).content.decode()
    theirs = client.get(reverse("wallet-person", args=[scene.child.id])).content.decode()
    assert reverse("access-log-person", args=[scene.child.id]) in theirs
