"""Family and helpers: for whom, by whom, and the silent end."""

import re

import pytest
from django.urls import reverse

from huxin.node.base.models import AuditEntry, Message, Proxy
from huxin.node.base.permissions import Role


@pytest.fixture
def scene(world):
    class Scene:
        elder = world.person("沈阿婆", birth="1941-02-03")
        helper = world.person("陆小满", birth="1988-04-05")
        proxy = world.guardian(elder, helper)
        card = world.card(elder, by=world.staff(Role.CLERK))
        own = world.resident(elder)
        acting = world.resident(helper)
        stranger = world.resident(world.person("顾小舟"))

    return Scene


def page(world, user, lang="zh"):
    client = world.client(user)
    client.cookies["huxin_lang"] = lang
    return client.get(reverse("family")).content.decode()


def test_both_sides_see_it_and_only_the_person_reads_the_consent(world, scene):
    own, acting = page(world, scene.own), page(world, scene.acting)
    assert "陆小满" in own.split('id="mine"')[1]
    assert "signed at the desk" in own
    assert "沈阿婆" in acting.split('id="mine"')[0]
    assert reverse("wallet-person", args=[scene.elder.id]) in acting
    assert "signed at the desk" not in acting
    assert "沈阿婆" not in page(world, scene.stranger).split("<main")[1]


def test_who_has_nobody_reads_how_to_ask_somebody(world, scene):
    text = page(world, scene.stranger)
    assert "没有人可以替您办事" in text
    assert reverse("helpers") in text


def test_the_person_ends_it_after_one_question_and_the_helper_is_not_told(world, scene):
    place = reverse("family-end", args=[scene.proxy.id])
    client, acting = world.client(scene.own), world.client(scene.acting)
    asked = client.get(place).content.decode()
    assert "对方不会收到通知" in asked
    assert Proxy.objects.get().ended_at is None
    assert acting.get(reverse("card", args=[scene.card.id])).status_code == 200
    assert client.post(place, follow=True).status_code == 200
    # The helper's session goes on, and opens nothing any more.
    for name, thing in (
        ("card", scene.card), ("card-about", scene.card), ("card-print", scene.card),
        ("wallet-person", scene.elder), ("access-log-person", scene.elder),
        ("family-end", scene.proxy),
    ):  # fmt: skip
        assert acting.get(reverse(name, args=[thing.id])).status_code == 404, name
    assert not Message.objects.exists()
    assert "沈阿婆" not in page(world, scene.acting).split("<main")[1]
    assert "陆小满" in page(world, scene.own).partition("以前的（1）")[2]
    assert AuditEntry.objects.filter(action="ended-proxy", subject=scene.elder.id).count() == 1


def test_refusing_is_as_large_as_agreeing(world, scene):
    text = (
        world.client(scene.own).get(reverse("family-end", args=[scene.proxy.id])).content.decode()
    )
    form = re.findall(r'<form method="post".*?</form>', text.split("confirm")[1], re.DOTALL)[0]
    assert len(re.findall(r'class="btn btn--2"', form)) == 2


def test_the_helper_gives_it_up_too(world, scene):
    client = world.client(scene.acting)
    place = reverse("family-end", args=[scene.proxy.id])
    assert "不再替这个人办事" in client.get(place).content.decode()
    client.post(place)
    assert Proxy.objects.get().ended_at is not None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_no_such_page(world, scene, method):
    client = world.client(scene.stranger)
    place = reverse("family-end", args=[scene.proxy.id])
    assert getattr(client, method)(place).status_code == 404
    assert Proxy.objects.get().ended_at is None


@pytest.mark.parametrize("user", [None, "own"])
def test_how_to_get_help_is_open_to_everybody(world, scene, user):
    world.centre.hours = "08:00–16:30"
    world.centre.save()
    text = world.client(user and scene.own).get(reverse("helpers")).content.decode()
    assert "河埠头服务中心" in text
    assert "08:00–16:30" in text
    assert (reverse("family") in text) == bool(user)
