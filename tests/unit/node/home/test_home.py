"""The home page offers what works, to whoever asks, in both languages and in elder mode."""

import re

import pytest
from django.test import Client

from huxin.node.base.actor import NOBODY
from huxin.node.base.permissions import Role
from huxin.node.home import lights


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("证明在你手里", "抗疫", "共治", "赋能")), ("en", ("You carry the proof", "Care", "Govern", "Build"))],
)  # fmt: skip
def test_a_visitor_reads_the_sentence_and_three_lights(db, language, words):
    page = Client(headers={"Accept-Language": language}).get("/")
    assert page.status_code == 200
    assert all(word in page.text for word in words)
    assert page.text.count('<section class="card lamp">') == 3


def test_every_link_of_the_page_leads_somewhere(db):
    page = Client().get("/").text
    addresses = set(re.findall(r'href="(/(?!static)[^"#]*)"', page))
    assert addresses
    for address in addresses:
        assert Client().get(address, follow=True).status_code == 200, address


def test_elder_mode_has_three_large_buttons_at_most(db):
    client = Client()
    client.cookies["huxin_elder"] = "1"
    page = client.get("/").text
    block = page.split("only-elder", 1)[1].split("</nav>", 1)[0]
    assert 0 < block.count('class="btn') <= 3


def test_a_page_that_is_not_built_is_not_offered(monkeypatch):
    row = lights._Page("a-page-of-tomorrow", lights._FIRST.words)
    monkeypatch.setattr(lights, "_LIGHTS", ((row.words, row.words, (row,)),))
    (light,) = lights.lights(NOBODY)
    assert light.offers == ()


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_is_offered_what_they_may_not_open(world, role):
    client = world.client(world.staff(role) if role else None)
    page = client.get("/").text.split('<main id="main"')[1]
    addresses = set(re.findall(r'href="(/[^"#]*)"', page))
    assert addresses
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address


def test_outside_of_a_demo_the_page_says_nothing_of_a_tour(db):
    assert "导览" not in Client().get("/").text
