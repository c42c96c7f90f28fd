"""The checking page: what each answer looks like, and what is left of it afterwards: numbers."""

import base64
import dataclasses
import json
import logging
import zlib
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import override_settings

from huxin.adapters import trust_file
from huxin.kernel.instants import rfc3339
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.trust import qr
from huxin.trust.anchors import TrustStore
from huxin.trust.credentials import base45
from tests.lib.hostile import hcert_text
from tests.lib.node_folders import description
from tests.lib.regions import Region
from tests.unit.node.check.conftest import look, said


def changed(text):
    """The card with one bit of its signature changed, wrapped again as it should be."""
    envelope = zlib.decompress(base45.decode(text.removeprefix("HC1:")))
    return hcert_text(envelope[:-1] + bytes((envelope[-1] ^ 1,)))


def test_a_genuine_card_says_genuine_and_is_not_drawn_in_a_colour(door):
    page = door.shows(door.card(latin="LIN ZHOU"))
    assert page.status_code == 200
    assert look(page) == "genuine"
    text = page.content.decode()
    assert "真卡" in text
    assert 'lang="en">Genuine' in text
    assert "verdict--ok" not in text
    assert said(page) == "真卡。林㑇，2020 年生。签名有效，签发方受信任。核对姓名和出生年。"
    assert "由苇洲签发" in text
    assert "LIN ZHOU" in text
    assert 'data-theme="light"' in text
    assert "有效至 20" in text
    assert "预防接种证" in text


def test_in_english_the_name_keeps_its_language(door):
    page = door.shows(door.card(), language="en")
    text = page.content.decode()
    assert '<p class="verdict__name"><span lang="zh-Hans">林㑇</span></p>' in text
    assert "born 2020" in said(page)
    assert said(page).startswith("Genuine. 林㑇, born 2020.")
    assert "issued by Reed Isles" in text
    assert "Next person" in text


@pytest.mark.parametrize(
    ("language", "word", "reason"),
    [("zh", "不符合", "签名不对"), ("en", "Not accepted", "Not genuine: the card was changed")],
)
def test_a_changed_card_is_told_and_its_name_is_not_verified(door, language, word, reason):
    page = door.shows(changed(door.card()), language=language)
    assert (look(page), page.status_code) == ("no", 200)
    text = page.content.decode()
    assert word in said(page)
    assert reason in said(page)
    assert "林㑇" in text
    assert ("未核实" if language == "zh" else "not verified") in text
    assert "signature" in text
    assert 'd="M30 5h36l25 25v36L66 91H30L5 66V30z"' in text  # the octagon


def test_one_letter_changed_in_the_code_is_never_genuine(door):
    card = door.card()
    for at in range(6, len(card), len(card) // 7):
        other = card[:at] + ("0" if card[at] != "0" else "1") + card[at + 1 :]
        assert look(door.shows(other)) == "no"


@pytest.mark.parametrize(("language", "word"), [("zh", "再看一项"), ("en", "Check one more")])
def test_an_issuer_who_is_not_known_is_a_cross_check(door, language, word):
    page = door.shows(door.foreign(), language=language)
    assert look(page) == "check"
    assert word in said(page)
    text = page.content.decode()
    assert 'd="M48 4l44 44-44 44L4 48z"' in text  # the diamond
    assert "QX" in text
    assert '<details class="verdict__more" open' in text


def test_an_expired_card_says_when_it_ended(door, monkeypatch):
    text = door.card()
    later = door.world.now + timedelta(days=400)
    monkeypatch.setenv("HUXIN_NOW", rfc3339(later))
    monkeypatch.setenv("HUXIN_ENVIRONMENT", "test")
    page = door.shows(text)
    assert look(page) == "no"
    assert "已经过期" in said(page)
    assert f"今天 {later.date().isoformat()[:4]}" in page.content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh", "无法判断"), ("en", "Cannot tell")])
def test_a_list_past_its_limit_is_not_the_persons_fault(
    door, settings, tmp_path, fresh_trust, language, word
):
    entries = [trust_file.entry_of(description("QW"))]
    document = json.loads(trust_file.write(entries))
    document["as_of"] = rfc3339(door.world.now - timedelta(days=31))
    card = door.card()
    with override_settings(HUXIN=elsewhere(settings, tmp_path)):
        (tmp_path / "trust.json").write_text(json.dumps(document), "utf-8")
        page = door.shows(card, language=language)
    assert look(page) == "unk"
    assert word in said(page)
    assert ("不是此人的问题" if language == "zh" else "not at fault") in said(page)
    assert ("清单 31 天前" if language == "zh" else "list 31 days old") in page.content.decode()
    assert "stroke-dasharray" in page.content.decode()


def test_a_trust_list_that_cannot_be_read_is_not_the_persons_fault(
    door, settings, tmp_path, fresh_trust
):
    card = door.card()
    with override_settings(HUXIN=elsewhere(settings, tmp_path)):
        (tmp_path / "trust.json").write_text("{", "utf-8")
        page = door.shows(card)
    assert (page.status_code, look(page)) == (200, "unk")
    assert "不是此人的问题" in said(page)
    assert 'data-code="key-file"' in page.content.decode()


@pytest.mark.parametrize(
    ("standing", "layer", "zh", "en"),
    [
        ("suspended", "emergency", "联盟紧急暂停了这把密钥", "The federation suspended the key"),
        ("tombstoned", "region", "签发的区域自己作废了这把密钥", "The issuing region gave the key up itself"),
        ("denied", "local", "本处自行决定不信这把密钥", "This place decided not to believe the key"),
    ],
)  # fmt: skip
def test_of_a_key_that_was_taken_away_it_is_said_by_whom(
    door, monkeypatch, standing, layer, zh, en
):
    taken = Region("QX", 9, environment="test").anchor(standing=standing, layer=layer)
    monkeypatch.setattr(signing, "trust_store", lambda _: TrustStore([taken], environment="test"))
    card = door.foreign()
    for language, words in (("zh", zh), ("en", en)):
        page = door.shows(card, language=language)
        assert look(page) == "no"
        assert words in page.content.decode()


def test_a_specimen_is_called_one_everywhere(door):
    assert "SPECIMEN" in door.shows(door.card()).content.decode()


def test_a_specimen_is_refused_where_cards_are_real(door, settings, fresh_trust):
    card = door.card()
    real = dataclasses.replace(settings.HUXIN, environment="production")
    with override_settings(HUXIN=real):
        page = door.shows(card)
    assert look(page) == "no"
    assert "样张" in said(page)
    assert '<p class="specimen">' in page.content.decode()


def test_a_long_name_is_set_smaller_and_wraps_at_its_point(door):
    page = door.shows(door.card("阿依努尔·买买提", "1991-02-03"))
    assert 'class="verdict__name verdict__name--long">阿依努尔·<wbr>买买提' in page.content.decode()


# ------------------------------------------------------------------------ other ways to show


def test_a_picture_is_read(door):
    page = door.shows("", qr.png(door.card()))
    assert look(page) == "genuine"


def test_a_frame_of_the_camera_without_a_code_is_no_answer(door, blank):
    answer = door.browser.post("/check", {"frame": as_file(blank)})
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_frame_of_the_camera_with_a_code_is_judged(door):
    answer = door.browser.post("/check", {"frame": as_file(qr.png(door.card()))})
    assert look(answer) == "genuine"


def test_several_cards_of_one_person_are_judged_together(door):
    first, second = door.card(), door.card(dose="2", date="2025-09-01")
    page = door.shows(first)
    assert first in codes_carried(page)
    page = door.shows(second, shown=[first], counted="genuine")
    assert look(page) == "genuine"
    assert "共 2 张卡" in page.content.decode()
    assert numbers(door) == {"genuine": 1}


def test_cards_of_two_people_are_compared(door):
    page = door.shows(door.card("周予安", "2021-04-04"), shown=[door.card()])
    assert look(page) == "check"
    assert "姓名或出生年不一样" in said(page)


def test_the_next_person_begins_with_nothing(door):
    card = door.card()
    door.shows(card)
    page = door.browser.get("/check").content.decode()
    assert "林㑇" not in page
    assert 'name="shown"' not in page


# --------------------------------------------------------------------------- what is left of it


def test_nothing_of_a_card_is_left_in_session_table_address_or_log(door, caplog):
    card = door.card()
    rows = AuditEntry.objects.count()
    with caplog.at_level(logging.DEBUG):
        pages = [door.shows(card), door.shows(changed(card)), door.shows("", qr.png(card))]
    for page in pages:
        assert page["Cache-Control"] == "no-store"
        assert page.request["QUERY_STRING"] == ""
    kept = [one.get_decoded() for one in Session.objects.all()]
    assert [set(one) for one in kept] == [{"huxin_check"}]
    assert set(kept[0]["huxin_check"]) == {"day", "place", "purpose", "counts"}
    assert kept[0]["huxin_check"]["counts"] == {"genuine": 2, "no": 1}
    assert AuditEntry.objects.count() == rows
    logged = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    for secret in (card, card[4:40], "林㑇", "2020-03-18"):
        assert secret not in logged
        assert secret not in json.dumps(kept, ensure_ascii=False)


def test_counts_are_numbers_and_can_begin_anew(door):
    card = door.card()
    door.shows(card)
    page = door.shows(changed(card))
    assert "今天：真卡 1　再看 0　不符合 1　无法判断 0" in words(page)
    assert door.browser.post("/check/reset").status_code == 302
    assert numbers(door) == {}


def test_counts_end_with_the_day(door, monkeypatch):
    door.shows(door.card())
    monkeypatch.setenv("HUXIN_NOW", rfc3339(door.world.now + timedelta(days=1)))
    monkeypatch.setenv("HUXIN_ENVIRONMENT", "test")
    assert "真卡 0" in words(door.browser.get("/check"))


def test_the_place_is_chosen_once_from_a_list(door):
    door.browser.post("/check/setup", {"place": "school", "purpose": "genuine"})
    assert "学校、幼儿园" in door.shows(door.card()).content.decode()
    door.browser.post("/check/setup", {"place": "赵某家 3 楼"})
    assert door.browser.session["huxin_check"]["place"] == ""


def test_a_spoilt_session_begins_anew(door):
    session = door.browser.session
    session["huxin_check"] = "?"
    session.save()
    assert look(door.shows(door.card())) == "genuine"


def test_nobody_signs_in_to_check(door):
    page = door.browser.get("/check")
    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.content.decode()


# ------------------------------------------------------------------------------------- no code


def test_a_person_without_a_code_is_counted_not_named(door):
    page = door.browser.get("/check/no-code")
    assert "没有码，一样进" in page.content.decode()
    page = door.browser.post("/check/no-code", {"way": "paper"}, follow=True)
    assert "无码 1" in words(page)
    assert "下一位" in page.content.decode()


def test_a_way_nobody_offered_is_not_counted(door):
    page = door.browser.post("/check/no-code", {"way": "turn-away"}, follow=True)
    assert "无码" not in page.content.decode()


def test_desks_are_listed_with_their_hours(door):
    door.world.centre.hours = "8:00–17:00"
    door.world.centre.save()
    door.world.staff(Role.CLERK)
    for place in ("/check/no-code", "/check/no-code/card"):
        page = door.browser.get(place).content.decode()
        assert "河埠头服务中心" in page
        assert "8:00–17:00" in page


def test_a_place_where_nobody_can_issue_is_no_desk(door):
    place = door.world.elsewhere
    door.world.staff(Role.CHECKER, at=place)
    assert place.name_zh not in door.browser.get("/check/no-code").content.decode()


# ------------------------------------------------------------------------------------- helpers


def words(page):
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def elsewhere(settings, folder):
    return dataclasses.replace(settings.HUXIN, path=folder)


def as_file(data):
    from tests.unit.node.check.conftest import file

    return file(data, "frame.jpg")


def numbers(door):
    return {k: v for k, v in door.browser.session["huxin_check"]["counts"].items() if v}


def codes_carried(page):
    import html
    import re

    text = page.content.decode()
    return [html.unescape(one) for one in re.findall(r'name="shown" value="([^"]*)"', text)]


@pytest.fixture
def blank():
    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR4nGP8z4AATAxEcQAz0QEHOoQ+uAAAAABJRU5ErkJggg=="
    )
