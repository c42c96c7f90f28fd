import dataclasses
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base import drafts
from huxin.node.base.models import AuditEntry, Draft
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.node.trust.forms.sheet_names import cells_of
from huxin.node.trust.models import Card, IssueRequest
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.trust import reading
from huxin.trust.verify import Basis, verify


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


@pytest.fixture
def child(world):
    return world.person("林㑇", latin="LIN ZHOU")


def facts(**other):
    typed = {
        "request": str(uuid.uuid4()), "name": "林㑇", "latin": "LIN ZHOU", "hand": "paper",
        "birth_year": "2020", "birth_month": "3", "birth_day": "18",
        "vaccine": "mmr", "dose": "1", "date_year": "2025", "date_month": "03", "date_day": "20",
    }  # fmt: skip
    return typed | other


def place(name, person, pack="school-entry"):
    return reverse(name, args=[person.id, pack])


def english(client):
    client.cookies["huxin_lang"] = "en"
    return client


def test_from_the_form_over_the_last_look_to_the_card(desk, child):
    typed = facts()
    to_check = desk.post(place("desk-form", child), typed | {"do": "check"})
    assert to_check["Location"] == place("desk-check", child)
    page = desk.get(to_check["Location"])
    assert "麻腮风疫苗" in page.content.decode()
    assert Card.objects.count() == 0
    signed = desk.post(place("desk-check", child), typed)
    card = Card.objects.get()
    assert signed["Location"] == reverse("desk-card", args=[card.id]) + "?hand=paper"
    shown = desk.get(signed["Location"]).content.decode()
    assert card.identifier in shown
    assert "<path" in shown
    assert Draft.objects.count() == 0


def test_a_double_click_gives_the_same_card(desk, child):
    typed = facts()
    first = desk.post(place("desk-check", child), typed)
    again = desk.post(place("desk-check", child), typed)
    assert first["Location"] == again["Location"]
    assert Card.objects.count() == 1


def test_the_same_form_with_other_facts_signs_nothing(desk, child):
    typed = facts()
    desk.post(place("desk-check", child), typed)
    answer = desk.post(place("desk-check", child), typed | {"dose": "2"})
    assert answer.status_code == 409
    assert Card.objects.count() == 1
    assert str(Card.objects.get().id) in answer.content.decode()
    kept = Draft.objects.get().fields
    assert kept["dose"] == "2"
    assert kept["request"] != typed["request"]


def test_after_the_back_button_the_last_look_makes_a_new_card(desk, child):
    typed = facts()
    desk.post(place("desk-check", child), typed)
    desk.post(place("desk-form", child), typed | {"do": "check"})
    page = desk.get(place("desk-check", child)).content.decode()
    assert typed["request"] not in page
    assert str(Card.objects.get().id) in page


@pytest.mark.parametrize(
    ("wrong", "sentence", "id_"),
    [
        ({"vaccine": ""}, "This is needed", "id_vaccine"),
        ({"vaccine": "water"}, "Choose one of the list", "id_vaccine"),
        ({"dose": "many"}, "Write a number from 1 to 20", "id_dose"),
        ({"date_year": "2999"}, "The date is after today", "id_date_day"),
        ({"date_month": ""}, "such as 2024 9 1", "id_date_month"),
        ({"date_month": "13"}, "no such day in the calendar", "id_date_month"),
        ({"date_month": "2", "date_day": "30"}, "no such day in the calendar", "id_date_day"),
        ({"date_year": "2019"}, "Not before the date of birth", "id_date_day"),
        ({"name": "1234"}, "at least one letter", "id_name"),
        ({"name": "\ue000林"}, "cannot be shown by other computers", "id_name"),
        ({"name": "林" * 81}, "81 characters; 80 at most", "id_name"),
        ({"latin": "林"}, "Latin letters, spaces", "id_latin"),
        ({"birth_year": ""}, "Four digits of the year at least", "id_birth_year"),
        ({"dose": "9", "series": "2"}, "More than the doses of the series", "id_dose"),
        ({"minimal": "on"}, "This is needed", "id_complete_until_year"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_told_in_a_sentence_at_its_field(desk, child, wrong, sentence, id_):
    answer = english(desk).post(place("desk-form", child), facts(**wrong) | {"do": "check"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert f'href="#{id_}"' in page
    assert Card.objects.count() == 0


def test_what_was_typed_is_still_there_beside_the_fault(desk, child):
    page = desk.post(place("desk-form", child), facts(dose="many", batch="B<7") | {"do": "check"})
    assert 'value="many"' in page.content.decode()
    assert 'value="B&lt;7"' in page.content.decode()


def test_digits_of_full_width_are_understood(desk, child):
    typed = facts(date_year="２０２５", date_month="３", dose="第 1 剂", vaccine="麻腮风")
    assert desk.post(place("desk-form", child), typed | {"do": "check"}).status_code == 302


def test_the_preview_shows_what_is_typed_and_signs_nothing(desk, child):
    part = desk.post(place("desk-preview", child), facts(name="苏𠅤")).content.decode()
    assert "苏𠅤" in part
    assert "<html" not in part
    assert "还没有签名" in part
    assert Card.objects.count() == 0


def test_the_preview_without_a_script_is_a_button(desk, child):
    page = desk.post(place("desk-form", child), facts(dose="") | {"do": "preview"})
    assert "还没填全" in page.content.decode()
    assert "有误" not in page.content.decode()


def test_the_preview_of_a_card_whose_last_day_is_over_says_so(desk, child):
    typed = {
        "request": str(uuid.uuid4()), "hand": "paper", "name": "林㑇", "birth_year": "1990", "work_class": "food",
        "date_year": "2020", "date_month": "1", "date_day": "1",
    }  # fmt: skip
    where = place("desk-preview", child, "occupational-health")
    assert "最后一天已经过去" in desk.post(where, typed).content.decode()
    signed = desk.post(place("desk-check", child, "occupational-health"), typed)
    assert signed.status_code == 409
    assert "最后一天已经过去" in signed.content.decode()
    assert Card.objects.count() == 0


def test_a_draft_is_kept_offered_and_dropped(desk, clerk, child):
    desk.post(place("desk-form", child), facts(dose="", batch="B7") | {"do": "draft"})
    assert 'value="B7"' in desk.get(place("desk-form", child)).content.decode()
    assert place("desk-form", child) in desk.get(reverse("desk")).content.decode()
    desk.post(place("desk-form", child), {"do": "discard"})
    assert 'value="B7"' not in desk.get(place("desk-form", child)).content.decode()


def test_a_draft_is_dropped_from_the_start_page(desk, child):
    desk.post(place("desk-form", child), facts() | {"do": "draft"})
    desk.post(reverse("desk-drop"), {"place": place("desk-form", child)})
    assert Draft.objects.count() == 0


def test_a_form_too_long_for_a_draft_says_so(desk, child):
    typed = facts(batch="B" * 70_000) | {"do": "draft"}
    page = desk.post(place("desk-form", child), typed)
    assert "没有存成草稿" in page.content.decode()
    assert Draft.objects.count() == 0


def test_a_session_that_ended_in_the_middle_loses_nothing(desk, world, clerk, child):
    page = desk.get(place("desk-form", child))
    ticket = page.content.decode().split('name="huxin-ticket" value="')[1].split('"')[0]
    desk.logout()
    desk.post(
        place("desk-form", child), facts(batch="B7") | {"do": "check", "huxin-ticket": ticket}
    )
    back = world.client(clerk).get(place("desk-form", child)).content.decode()
    assert 'value="B7"' in back


def test_signing_after_the_step_up_goes_on_where_it_was(desk, world, clerk, child):
    ticket = drafts.ticket_for(clerk.id)
    desk.logout()
    desk.post(place("desk-check", child), facts(batch="B7") | {"huxin-ticket": ticket})
    page = world.client(clerk).get(place("desk-check", child)).content.decode()
    assert 'name="batch" value="B7"' in page


def test_the_last_look_without_facts_leads_to_the_form(desk, child):
    assert desk.get(place("desk-check", child))["Location"] == place("desk-form", child)


def test_facts_that_cannot_be_read_are_not_signed(desk, child):
    answer = desk.post(place("desk-check", child), facts(dose="many"))
    assert answer.status_code == 200
    assert Card.objects.count() == 0


def test_the_last_look_says_what_differs_from_the_registration(desk, child):
    desk.post(place("desk-form", child), facts(name="林舟", minimal="") | {"do": "check"})
    assert "和登记的不一样" in desk.get(place("desk-check", child)).content.decode()


def test_a_minimal_card_says_no_more_than_a_date(desk, child):
    typed = facts(
        minimal="on", complete_until_year="2090", complete_until_month="8", complete_until_day="31"
    )
    desk.post(place("desk-form", child), typed | {"do": "check"})
    assert "精简卡" in desk.get(place("desk-check", child)).content.decode()
    desk.post(place("desk-check", child), typed)
    assert Card.objects.get().minimal


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_each_pack_has_a_form_with_the_persons_fields_filled_in(desk, child, pack):
    page = desk.get(place("desk-form", child, pack)).content.decode()
    assert 'value="林㑇"' in page
    assert 'value="LIN ZHOU"' in page
    for column in reader.pack(pack).columns:
        assert f'id="id_{column.id}' in page


def typed_of(pack, today):
    """The form of a pack as its first demo person fills it in, and their cells."""
    found = read_entry(reader.pack(pack), reader.demo_people(pack, today)[0].row, today=today)
    assert isinstance(found, Entry)
    cells = cells_of(found)
    typed = {"request": str(uuid.uuid4()), "hand": "paper"}
    for column in reader.pack(pack).columns:
        text = cells.get(column.id, "")
        if column.type in ("birth", "date"):
            parts = [*text.split("-"), "", "", ""]
            boxes = zip(("year", "month", "day"), parts, strict=False)
            typed |= {f"{column.id}_{name}": part for name, part in boxes}
        else:
            typed[column.id] = text
    return typed, cells


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_each_pack_gives_a_card_that_is_genuine(desk, world, pack):
    typed, cells = typed_of(pack, world.now.date())
    person = world.person(cells.get("name", ""), birth=cells["birth"], latin=cells.get("latin", ""))
    signed = desk.post(place("desk-check", person, pack), typed)
    card = Card.objects.get()
    assert signed["Location"] == reverse("desk-card", args=[card.id]) + "?hand=paper"
    assert desk.get(signed["Location"]).status_code == 200
    verdict = verify(
        reading.open(card.text), Basis(signing.trust_store(card.issued_at)), now=card.issued_at
    )
    assert verdict.code == "ok"


def test_a_key_of_another_kind_signs_nothing(desk, world, monkeypatch):
    signer = signing.signer()
    about = dataclasses.replace(signer.description, domains=("huxin",))
    other = dataclasses.replace(signer, description=about)
    monkeypatch.setattr(signing, "signer", lambda: other)
    typed, cells = typed_of("pandemic", world.now.date())
    person = world.person(cells["name"], birth=cells["birth"], latin=cells["latin"])
    answer = desk.post(place("desk-check", person, "pandemic"), typed)
    assert answer.status_code == 409
    assert "这个节点的密钥不签这种卡" in answer.content.decode()
    assert Card.objects.count() == 0


@pytest.mark.parametrize("left", [timedelta(days=-1), timedelta(hours=1)])
def test_a_key_at_its_end_is_told_of_the_key_and_not_of_the_dates(
    desk, world, child, monkeypatch, left
):
    signer = signing.signer()
    about = dataclasses.replace(signer.description, valid_until=world.now + left)
    ending = dataclasses.replace(signer, description=about)
    monkeypatch.setattr(signing, "signer", lambda: ending)
    assert "密钥快到期或已到期" in desk.post(place("desk-preview", child), facts()).content.decode()
    answer = desk.post(place("desk-check", child), facts())
    assert answer.status_code == 409
    assert "密钥快到期或已到期" in answer.content.decode()
    assert "请核对日期" not in answer.content.decode()
    assert Card.objects.count() == 0


def test_a_first_day_at_the_end_of_the_calendar_is_told_at_its_field_and_its_draft_opens(
    desk, child
):
    typed = {
        "request": str(uuid.uuid4()), "hand": "paper", "name": "林㑇", "birth_year": "2000", "clearance": "immune",
        "valid_from_year": "9999", "valid_from_month": "12", "valid_from_day": "31",
    }  # fmt: skip
    where = place("desk-form", child, "measles-outbreak")
    page = desk.post(where, typed | {"do": "check"}).content.decode()
    assert "日期太远，请核对年份" in page
    assert 'href="#id_valid_from_' in page
    desk.post(where, typed | {"do": "draft"})
    again = desk.get(where)
    assert again.status_code == 200
    assert 'value="9999"' in again.content.decode()


def test_a_pack_that_is_none_is_no_page(desk, child):
    assert desk.get(place("desk-form", child, "water")).status_code == 404


def test_a_person_of_another_organisation_does_not_exist_here(desk, world):
    stranger = world.person("顾小舟", at=world.elsewhere)
    for name in ("desk-form", "desk-check", "desk-preview"):
        assert desk.post(place(name, stranger), facts()).status_code == 404
    assert desk.get(reverse("desk-person", args=[stranger.id])).status_code == 404
    assert AuditEntry.objects.filter(subject=stranger.id, action="opened-person").count() == 0


def test_an_officer_without_an_organisation_is_told_whom_to_ask(world):
    lost = world.account("lost")
    from huxin.node.base.models import Grant

    Grant.objects.create(user=lost, role=Role.CLERK.value)
    page = world.client(lost).get(reverse("desk"))
    assert page.status_code == 403
    assert "还不属于任何机构" in page.content.decode()


def test_the_start_page_counts_and_lists_the_day(desk, world, clerk, child):
    world.card(child, by=clerk)
    page = desk.get(reverse("desk")).content.decode()
    assert "今天已签 1 张，每日上限 200 张" in page
    assert "林㑇" in page
    assert IssueRequest.objects.count() == 0
