"""Recording a guardian or helper at the desk: found, agreed, listed, ended."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base import drafts
from huxin.node.base.models import AuditEntry, Proxy
from huxin.node.base.permissions import Role
from huxin.node.trust.queries import desk as query


@pytest.fixture
def scene(world):
    class Scene:
        clerk = world.staff(Role.CLERK)
        elder = world.person("沈阿婆", birth="1941-02-03")
        helper = world.person("陆小满", birth="1988-04-05")
        client = world.client(clerk)
        place = reverse("desk-proxy", args=[elder.id])

    return Scene


def find(scene, words="陆小满", **more):
    return scene.client.post(
        scene.place, {"do": "find", "words": words, "present": "on", **more}, follow=True
    )


def form(world, scene, **changes):
    day = world.now.date() + timedelta(days=changes.pop("days", 90))
    return {
        "holder": str(scene.helper.id), "request": str(uuid.uuid4()), "kind": "helper",
        "how": "本人当面签字", "last_day_year": f"{day:%Y}", "last_day_month": str(day.month),
        "last_day_day": str(day.day),
    } | changes  # fmt: skip


def test_the_way_from_finding_to_the_list(world, scene):
    found = find(scene).content.decode()
    chosen = f"{scene.place}?holder={scene.helper.id}"
    assert chosen in found
    asked = scene.client.get(chosen).content.decode()
    assert "checked" not in asked.split("<form")[1]
    answer = scene.client.post(scene.place, form(world, scene), follow=True)
    text = answer.content.decode()
    assert "已登记" in text
    assert "本人当面签字" in text
    helper = world.client(world.resident(scene.helper))
    assert helper.get(reverse("wallet-person", args=[scene.elder.id])).status_code == 200
    seen = AuditEntry.objects.filter(subject=scene.helper.id, purpose="help")
    assert {one.action for one in seen} == {"found", "opened-person"}


def test_it_is_ended_at_the_desk_too(world, scene):
    scene.client.post(scene.place, form(world, scene))
    proxy = Proxy.objects.get()
    end = reverse("desk-proxy-end", args=[scene.elder.id, proxy.id])
    helper = world.client(world.resident(scene.helper))
    text = scene.client.post(end, follow=True).content.decode()
    assert "已结束" in text
    assert "以前的（1）" in text
    assert helper.get(reverse("wallet-person", args=[scene.elder.id])).status_code == 404
    assert scene.client.get(end).status_code == 405


def test_a_proxy_of_somebody_else_is_not_ended_by_way_of_another_person(world, scene):
    other = world.guardian(world.person("林㑇"), scene.helper)
    end = reverse("desk-proxy-end", args=[scene.elder.id, other.id])
    assert scene.client.post(end).status_code == 404
    assert Proxy.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "这一项要填"),
        ({"how": " "}, "这一项要填"),
        ({"days": -3}, "这一天已经过了"),
        ({"days": 500}, "太远了"),
        ({"last_day_month": "13"}, "没有这一天"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, scene, changes, words):
    text = scene.client.post(scene.place, form(world, scene, **changes)).content.decode()
    assert words in text
    assert str(scene.helper.id) in text
    assert not Proxy.objects.exists()


def test_a_holder_of_another_desk_does_not_exist_here(world, scene):
    foreign = world.person("顾小舟", at=world.elsewhere)
    answer = scene.client.post(scene.place, form(world, scene, holder=str(foreign.id)))
    assert answer.status_code == 404
    assert "没有找到" in find(scene, "顾小舟").content.decode()
    for key in (foreign.id, "nonsense", scene.elder.id):
        page = scene.client.get(f"{scene.place}?holder={key}").content.decode()
        assert "同意的内容" not in page


def test_nobody_is_recorded_for_themselves_nor_a_form_used_twice(world, scene):
    own = form(world, scene, holder=str(scene.elder.id))
    assert scene.client.post(scene.place, own).status_code == 409
    sent = form(world, scene)
    for _ in range(2):
        assert scene.client.post(scene.place, sent).status_code == 302
    assert Proxy.objects.count() == 1


def test_finding_counts_like_every_search(world, scene, monkeypatch):
    monkeypatch.setattr(query, "FINDS_AN_HOUR", 1)
    find(scene)
    answer = find(scene)
    assert answer.status_code == 429
    assert "用完了" in answer.content.decode()


def test_a_search_needs_the_person_to_be_there(scene):
    assert "这一项要填" in find(scene, present="").content.decode()


def test_what_was_typed_when_the_session_ended_is_offered_again(world, scene):
    drafts.keep(scene.clerk.id, scene.place, form(world, scene, how="签字在册"), now=world.now)
    text = scene.client.get(f"{scene.place}?holder={scene.helper.id}").content.decode()
    assert "签字在册" in text
    assert "field--error" not in text


def test_the_persons_page_leads_here(world, scene):
    text = scene.client.get(reverse("desk-person", args=[scene.elder.id])).content.decode()
    assert scene.place in text
