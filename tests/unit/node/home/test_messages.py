"""Notices: whose they are, how they read, and that an unknown one is said kindly."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base import people
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from tests.lib.confidence import confide

WITHDRAWN = {
    "office": "河埠头服务中心", "office_en": "Wharf Centre", "date": "2026-11-25",
    "pack": "school-entry", "identifier": "QW:7", "reason": "lost", "note": "",
}  # fmt: skip


@pytest.fixture
def scene(world):
    class Scene:
        child = world.person("林㑇", birth="2020-03-18")
        mother = world.person("林桥", birth="1990-01-02")
        proxy = world.guardian(child, mother)
        guardian = world.resident(mother)
        card = world.card(child, by=world.staff(Role.CLERK))

    return Scene


def page(world, user, lang="zh"):
    client = world.client(user)
    client.cookies["huxin_lang"] = lang
    return client.get(reverse("messages")).content.decode()


def mark(world, user, *messages):
    place = reverse("messages-read")
    return world.client(user).post(
        place, {"message": [str(getattr(one, "id", one)) for one in messages]}
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "河埠头服务中心在 2026-11-25 撤回了您的预防接种证"),
        ("en", "Wharf Centre withdrew your card"),
    ],
)
def test_a_withdrawal_is_told_in_plain_words(world, scene, lang, words):
    people.tell(scene.mother, "card-withdrawn", blanks=WITHDRAWN, now=world.now)
    text = page(world, scene.guardian, lang)
    assert words in text
    assert not re.search("异常|拒绝|tag--no", text)


@pytest.mark.parametrize(
    "kind", ["from-tomorrow", "", "<script>", "card-withdrawn", "proxy-recorded"]
)
def test_a_kind_that_is_not_known_is_said_kindly(world, scene, kind):
    people.tell(scene.mother, kind, blanks={"x": "1"}, now=world.now)
    text = page(world, scene.guardian)
    assert "有一条给您的通知" in text
    assert "from-tomorrow" not in text
    assert "{" not in text.split("<main")[1].split("</main>")[0]
    assert "<script>" not in text.split("<main")[1].split("</main>")[0]


def test_no_notices_is_a_page_too(world, scene):
    assert "没有消息" in page(world, scene.guardian)


def test_a_guardian_reads_the_childs_notices_and_opens_the_card(world, scene):
    people.tell(scene.child, "card-ready", blanks={"card": str(scene.card.id)}, now=world.now)
    page(world, scene.guardian)
    text = page(world, scene.guardian)
    assert "林㑇" in text
    assert reverse("card", args=[scene.card.id]) in text
    entry = AuditEntry.objects.get(action="opened-messages")
    assert (entry.subject, entry.purpose) == (scene.child.id, "help")


def test_ones_own_notices_leave_no_entry(world, scene):
    people.tell(scene.mother, "card-ready", blanks={}, now=world.now)
    before = AuditEntry.objects.count()
    assert "一张新卡做好了" in page(world, scene.guardian)
    assert AuditEntry.objects.count() == before


def test_reading_is_marked_for_what_stood_on_the_page_only(world, scene):
    people.tell(scene.mother, "card-ready", blanks={}, now=world.now)
    shown = Message.objects.get()
    people.tell(scene.mother, "card-ready", blanks={}, now=world.now)
    assert (
        "有新的消息：2 条" in world.client(scene.guardian).get(reverse("wallet")).content.decode()
    )
    answer = mark(world, scene.guardian, shown, "nonsense")
    assert answer["Location"] == reverse("messages")
    assert Message.objects.filter(read_at=None).count() == 1
    assert page(world, scene.guardian).count("看过了") == 1


def test_nobody_marks_the_notices_of_others(world, scene):
    people.tell(scene.mother, "card-ready", blanks={}, now=world.now)
    stranger = world.resident(world.person("顾小舟"))
    mark(world, stranger, Message.objects.get())
    assert Message.objects.filter(read_at=None).count() == 1
    assert "一张新卡" not in page(world, stranger)


def test_a_helper_marks_only_for_whom_has_no_account(world, scene):
    people.tell(scene.child, "card-ready", blanks={}, now=world.now)
    notice = Message.objects.get()
    own = world.resident(scene.child)
    mark(world, scene.guardian, notice)
    assert Message.objects.filter(read_at=None).exists()
    own.delete()
    mark(world, scene.guardian, notice)
    assert not Message.objects.filter(read_at=None).exists()


def test_what_is_kept_from_a_guardian_is_not_told_to_them_either(world, scene, monkeypatch):
    blanks = {"card": str(scene.card.id), "pack": scene.card.pack}
    people.tell(scene.child, "card-ready", blanks=blanks, now=world.now)
    proxy = {"name": "顾小舟", "office": "河埠头服务中心", "date": "2027-11-25"}
    people.tell(scene.child, "proxy-recorded", blanks=proxy, now=world.now)
    own = world.resident(scene.child)
    assert "一张新卡" in page(world, scene.guardian)
    assert "顾小舟" not in page(world, scene.guardian)
    assert "顾小舟" in page(world, own)
    confide(monkeypatch)
    assert "一张新卡" not in page(world, scene.guardian)
    assert "一张新卡" in page(world, own)


def test_a_notice_that_is_the_persons_own_affair_is_neither_counted_nor_marked_for_a_helper(
    world, scene
):
    proxy = {"name": "顾小舟", "office": "河埠头服务中心", "date": "2027-11-25"}
    people.tell(scene.child, "proxy-recorded", blanks=proxy, now=world.now)
    wallet = world.client(scene.guardian).get(reverse("wallet")).content.decode()
    assert "有新的消息" not in wallet
    mark(world, scene.guardian, Message.objects.get())
    assert Message.objects.filter(read_at=None).count() == 1
    own = world.client(world.resident(scene.child)).get(reverse("wallet")).content.decode()
    assert "有新的消息：1 条" in own


def test_an_ended_proxy_reads_nothing(world, scene):
    people.tell(scene.child, "card-ready", blanks={}, now=world.now)
    scene.proxy.ended_at = world.now
    scene.proxy.save()
    assert "没有消息" in page(world, scene.guardian)


def test_a_long_list_is_read_in_pages_and_all_of_it_can_be_marked(world, scene):
    for minute in range(120):
        at = world.now - timedelta(minutes=minute)
        people.tell(scene.mother, "card-ready", blanks={}, now=at)
    client = world.client(scene.guardian)
    place = reverse("messages")
    second = client.get(place, {"page": 2})
    assert len(second.context["notices"]) == 20
    assert "page=1" in second.content.decode()
    for left in (20, 0):
        shown = client.get(place).context["fresh"]
        client.post(reverse("messages-read"), {"message": [str(one.id) for one in shown]})
        assert Message.objects.filter(read_at=None).count() == left


def test_what_is_new_stands_first_but_not_what_one_cannot_mark(world, scene):
    world.resident(scene.child)
    for minute, person in enumerate((scene.child, scene.mother, scene.mother, scene.mother)):
        at = world.now - timedelta(minutes=minute)
        people.tell(person, "card-ready", blanks={}, now=at)
    newest = Message.objects.filter(person=scene.mother).order_by("-at").first()
    mark(world, scene.guardian, newest)
    found = world.client(scene.guardian).get(reverse("messages")).context["notices"]
    minutes = [round((world.now - one.at).total_seconds() / 60) for one in found]
    assert minutes == [2, 3, 0, 1]
