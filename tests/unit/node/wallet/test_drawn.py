"""A code is drawn once for a card that is opened twice; in memory only, bounded, and for nobody new."""

import uuid
from typing import Any

import pytest
from django.core.cache import caches
from django.urls import reverse

from huxin.node.trust.queries import drawn, faces
from huxin.node.trust.queries.drawn import Shelf
from huxin.trust import qr


@pytest.fixture
def counted(monkeypatch):
    """How often a code was drawn, as SVG and as a picture; an empty shelf to begin with."""
    made = {"svg": 0, "png": 0}

    def counting(name):
        real = getattr(qr, name)

        def draw(*words, **more):
            made[name] += 1
            return real(*words, **more)

        return draw

    for name in made:
        monkeypatch.setattr(qr, name, counting(name))
    monkeypatch.setattr(faces, "_shelf", Shelf())
    return made


def code_in(page):
    return page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns"))]


def test_a_card_that_is_opened_twice_is_drawn_once(world, scene, counted):
    client = world.client(scene.own)
    url = reverse("card", args=[scene.card.id])
    first, second = (client.get(url).content.decode() for _ in range(2))
    assert counted == {"svg": 1, "png": 1}
    assert code_in(first) == code_in(second)
    client.get(reverse("card-about", args=[scene.card.id]))
    assert counted["svg"] == 1


def test_each_language_has_its_own_title(world, scene, counted):
    client = world.client(scene.own)
    url = reverse("card", args=[scene.card.id])
    zh = client.get(url).content.decode()
    client.cookies["huxin_lang"] = "en"
    en = client.get(url).content.decode()
    assert "二维码：" in code_in(zh)
    assert "QR code:" in code_in(en)
    assert counted == {"svg": 2, "png": 1}


def test_another_card_has_another_code(world, scene, counted):
    other = world.card(scene.child, by=scene.clerk, cells={"batch": "LB-8"})
    client = world.client(scene.own)
    pages = [
        client.get(reverse("card", args=[one.id])).content.decode() for one in (scene.card, other)
    ]
    assert code_in(pages[0]) != code_in(pages[1])


def test_what_was_drawn_opens_for_nobody_new(world, scene, counted):
    url = reverse("card", args=[scene.card.id])
    assert world.client(scene.own).get(url).status_code == 200
    assert world.client(scene.stranger).get(url).status_code == 404


def test_it_lies_in_no_cache_that_others_share_and_says_nothing_of_itself(world, scene, counted):
    world.client(scene.own).get(reverse("card", args=[scene.card.id]))
    shared: Any = caches["default"]
    assert len(shared._cache) == 0
    assert repr(faces._shelf) == "<Shelf of 2>"


def test_the_shelf_is_bounded_by_number(monkeypatch):
    shelf, cards = Shelf(most=2), [uuid.uuid4() for _ in range(3)]
    for card in cards:
        shelf.get(card, "svg", lambda: "drawn")
    assert len(shelf) == 2
    assert shelf.get(cards[2], "svg", lambda: "again") == "drawn"
    assert shelf.get(cards[0], "svg", lambda: "again") == "again"


def test_what_is_used_stays_and_the_longest_unused_goes():
    shelf, cards = Shelf(most=2), [uuid.uuid4() for _ in range(3)]
    for card in (cards[0], cards[1], cards[0], cards[2]):
        shelf.get(card, "svg", lambda: "drawn")
    assert shelf.get(cards[0], "svg", lambda: "again") == "drawn"


def test_the_shelf_is_bounded_by_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(drawn, "monotonic", lambda: now[0])
    shelf, card = Shelf(seconds=60), uuid.uuid4()
    shelf.get(card, "svg", lambda: "drawn")
    now[0] += 59
    assert shelf.get(card, "svg", lambda: "again") == "drawn"
    now[0] += 2
    assert shelf.get(card, "svg", lambda: "again") == "again"
    assert len(shelf) == 1


def test_what_cannot_be_drawn_is_not_kept():
    shelf, card = Shelf(), uuid.uuid4()

    def broken():
        raise ValueError("no ink")

    with pytest.raises(ValueError, match="no ink"):
        shelf.get(card, "svg", broken)
    assert len(shelf) == 0
    assert shelf.get(card, "svg", lambda: "drawn") == "drawn"
