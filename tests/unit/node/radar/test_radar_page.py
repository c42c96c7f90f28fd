"""The page of the radar: a list is looked at, told of in both languages, and forgotten."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.forms import radar as forms
from huxin.node.trust.words import RADAR_WORDS
from huxin.trust.federation.radar import CODES
from tests.lib.did_lists import did_list, method

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(world):
    browser = world.client(world.staff(Role.DELEGATE))

    def hand_in(content, language="zh"):
        browser.cookies["huxin_lang"] = language
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        return browser.post(reverse("radar"), {"file": SimpleUploadedFile("x.json", data)})

    return hand_in


def test_every_code_has_its_words():
    assert set(RADAR_WORDS) == set(CODES)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("已过期", "测试用", "用不了")), ("en", ("Expired", "For tests", "Unusable"))],
)
def test_what_is_found_is_shown(world, look, language, words):
    now = world.now
    entries = [method("NLD", 1, now=now), method("FRA", 2, now=now, until=now - timedelta(1))]
    entries += [method("XXA", 3, now=now, name="Test State"), {"id": "<script>"}]
    page = look(did_list(*entries), language)
    text = page.content.decode()
    assert page.status_code == 200
    for word in (*words, "NLD", "FRA", "<svg"):
        assert word in text
    assert "<script>" not in text
    assert AuditEntry.objects.filter(action__contains="radar").count() == 0


def test_a_list_in_good_order_says_so(world, look):
    text = look(did_list(method("NLD", 1, now=world.now))).content.decode()
    assert "没有发现问题" in text


def test_an_empty_list_has_no_keys(look):
    assert "0 把密钥" in look(did_list()).content.decode()


def test_a_long_list_shows_the_first_and_says_how_many_more(world, look):
    entries = [method("XXA", number, now=world.now) for number in range(1, 131)]
    assert "还有 30 条" in look(did_list(*entries)).content.decode()


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'{"huxin": "trust", "version": 1, "keys": [{"region": 7}]}']
)
def test_what_is_no_list_is_told_at_the_field(look, content):
    page = look(content)
    assert page.status_code == 422
    assert "代号 key-file" in page.content.decode()


def test_a_file_that_is_too_large_is_not_read(look, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", 10)
    assert look(did_list()).status_code == 422


def test_the_form_comes_first(world):
    browser = world.client(world.staff(Role.OPERATOR))
    assert "一份密钥清单" in browser.get(reverse("radar")).content.decode()
    assert browser.post(reverse("radar")).status_code == 422
