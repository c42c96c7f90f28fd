"""The offline verifier while things change around it: other codes in view, other pages, other rules, a place's decisions."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from huxin.adapters.trust_policy import Signers, pack_policy
from huxin.trust.federation.policy import LocalPolicy
from tests.lib import rules, shown_cards, verifier_world
from tests.lib.browser_door import answer, next_person, on_screen, paste, scan
from tests.lib.browser_words import new_name
from tests.lib.ceremonies import party
from tests.lib.policies import write_policy
from tests.lib.verifier_world import NOW, asks, card

NOTICE = "https://example.org/menu"
ONE_DOSE = {">=": [rules.TWO_DOSES[">="][0], 1]}


@pytest.fixture
def name():
    return new_name("林")


def sees(camera, text, beside=None):
    """Let the camera see a code, and a smaller one beside it."""
    view = Image.new("L", shown_cards.VIEW, 255)
    for code, side, left in ((text, 640, 20), (beside, 320, 800)):
        if code is not None:
            shot = Image.open(io.BytesIO(shown_cards.picture(code))).convert("L")
            view.paste(shot.resize((side, side), Image.Resampling.LANCZOS), (left, 40))
    out = io.BytesIO()
    view.convert("RGB").save(out, "JPEG", quality=90, subsampling="4:2:0")
    film = camera.file.with_suffix(".new")
    film.write_bytes(out.getvalue() * 40)
    film.replace(camera.file)


def policy(officers):
    """苇洲's decision not to believe 灯湾, signed by so many of its officers."""
    own = party("QW")
    signing = own.hold("officer-1", "officer-2")
    said = write_policy(LocalPolicy("QW", 1, deny_regions=frozenset({"QV"})), signing[:officers])
    return pack_policy(said, Signers("QW", tuple(one.public for one in signing), officers))


def ask_anew(page):
    page.locator("[data-head] [data-go=list]").click()
    page.locator("[data-do=refresh]").click()
    expect(page.locator("[data-list-said]")).not_to_be_empty()


def test_a_notice_beside_a_card_does_not_spoil_it(door, camera, name):
    sees(camera, card(name), NOTICE)
    page = door(choices={"camera": True})
    answer(page, "genuine")
    expect(page.locator(".verdict__name")).to_have_text(name)


def test_a_card_that_stays_in_view_is_judged_by_what_is_chosen_now(door, camera, name):
    sees(camera, card(name))
    page = door(choices={"camera": True})
    answer(page, "genuine")
    next_person(page)
    page.locator("#scan [data-go=begin]").click()
    page.get_by_role("radio", name="入学").check()
    page.locator("#begin-go").click()
    answer(page, "no", "rule")


def test_after_a_question_for_one_more_the_next_person_begins_anew(door, name):
    """What cannot be read lies between them, as when somebody shows the wrong code first."""
    page = door()
    scan(page, card(name, region="QX"))
    answer(page, "check", "untrusted")
    paste(page, NOTICE)
    answer(page, "no", "prefix")
    scan(page, card(name + "乙"))
    answer(page, "genuine")
    expect(page.locator(".verdict__name")).to_have_text(name + "乙")


def test_of_two_pages_neither_writes_over_what_the_other_kept(door, name):
    """One learns what the place decided; the other, opened before, takes a list by hand and goes on from that."""
    page = door()
    other = page.context.new_page()
    other.clock.set_fixed_time(NOW + timedelta(hours=3))
    other.goto("/index.html")
    on_screen(other, "scan")
    decided = verifier_world.data(policy=policy(2))["setup.json"]
    (page.place.folder / "data" / "setup.json").write_bytes(decided)
    ask_anew(page)
    page.get_by_role("button", name="回到查验").click()
    scan(page, card(name, region="QV"))
    answer(page, "no", "distrusted")

    other.locator("[data-head] [data-go=list]").click()
    other.locator("#list-file").set_input_files(
        {
            "name": "list.bundle",
            "mimeType": "application/octet-stream",
            "buffer": verifier_world.bundle(),
        }
    )
    expect(other.get_by_role("alert")).to_contain_text("最新")
    other.get_by_role("button", name="回到查验").click()
    scan(other, card(name, region="QV"))
    answer(other, "no", "distrusted")


def test_rules_that_came_while_the_page_stood_open_are_asked_of_the_next_person(door, name):
    page = door(choices={"purpose": "school"})
    scan(page, card(name, dose=1))
    answer(page, "no", "rule")
    page.locator("#next").click()
    one = rules.document(region="QW", id="QW-SCHOOL-1", version="1.1.0", logic=ONE_DOSE)
    changed = json.dumps({"rules": [one], "valueSets": {}})
    (page.place.folder / "data" / "rules.json").write_text(changed)
    ask_anew(page)
    page.get_by_role("button", name="回到查验").click()
    scan(page, card(name, dose=1))
    answer(page, "ok")


def test_rules_that_cannot_be_had_while_it_stands_open_change_nothing(door, name):
    page = door(choices={"purpose": "school"})
    (page.place.folder / "data" / "rules.json").write_text("null")
    ask_anew(page)
    page.get_by_role("button", name="回到查验").click()
    scan(page, card(name, dose=1))
    answer(page, "no", "rule")


def test_where_the_chosen_rules_end_no_other_region_s_take_their_place(door, name):
    page = door(begun=False)
    page.get_by_role("radio", name="入学").check()
    page.locator("#begin-go").click()
    data = verifier_world.data(purposes=(asks("QV"),))
    one = rules.document(region="QV", id="QV-SCHOOL-1", logic=ONE_DOSE)
    listed = [{"region": "QV", "rules": [one], "valueSets": {}}]
    beside = page.place.folder / "data"
    beside.joinpath("setup.json").write_bytes(data["setup.json"])
    gone = {"rules": [], "valueSets": {}, "listed": listed}
    beside.joinpath("rules.json").write_text(json.dumps(gone))
    ask_anew(page)
    page.get_by_role("button", name="回到查验").click()
    scan(page, card(name, dose=1))
    answer(page, "unk", "no-rules")


def test_other_regions_rules_come_with_the_list(door, name):
    """苇洲 asks for two doses by rules of the place, 灯湾 for one by its own."""
    data = verifier_world.data(purposes=(asks("QW"), asks("QV")))
    one = rules.document(region="QV", id="QV-SCHOOL-1", logic=ONE_DOSE)
    data["rules.json"]["listed"] = [{"region": "QV", "rules": [one], "valueSets": {"doses": []}}]
    page = door(data=data, choices={"purpose": "school"})
    scan(page, card(name, dose=1))
    answer(page, "no", "rule")
    page.locator("#next").click()
    page.locator("#scan [data-go=begin]").click()
    page.get_by_role("radio", name="灯湾").check()
    page.locator("#begin-go").click()
    scan(page, card(name, dose=1))
    answer(page, "ok")


@pytest.mark.parametrize(("officers", "outcome"), [(2, "no"), (1, "genuine")])
def test_what_the_place_decided_holds_if_its_officers_signed_it(door, name, officers, outcome):
    page = door(data=verifier_world.data(policy=policy(officers)))
    ask_anew(page)
    page.get_by_role("button", name="回到查验").click()
    scan(page, card(name, region="QV"))
    answer(page, outcome)
    scan(page, card(name + "乙"))
    answer(page, "genuine")
    expect(page.locator(".verdict__name")).to_have_text(name + "乙")
