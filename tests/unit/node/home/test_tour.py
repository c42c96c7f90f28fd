"""The tour: what it offers follows from what is built; what it asks goes over a short list."""

import dataclasses
import json
import re
import tempfile
from pathlib import Path
from typing import get_args

import pytest
from django.test import Client
from django.urls import clear_url_caches

from huxin.adapters import demo_line
from huxin.adapters.demo_line import Line
from huxin.node.home.demo import answers, board, cast, entering, steps
from huxin.node.project.demo_federation import Answer

NODES = ("QV", "QW", "QX")


@pytest.fixture
def told():
    """A demo's folder with a supervisor that only remembers what it was asked."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        (folder / "samples").mkdir()
        (folder / "samples" / "genuine.txt").write_text("HC1:GENUINE", "utf-8")
        (folder / "samples" / "genuine.png").write_bytes(b"\x89PNG")
        (folder / "QW").mkdir()
        child = "01a212de-9be0-7415-a1f8-e165031ad213"
        (folder / "QW" / "things.json").write_text(json.dumps({"child": child}))
        nodes = [
            {"code": code, "zh": words.zh, "en": words.en, "origin": f"http://localhost:88{n}"}
            for n, (code, words) in enumerate(cast.REGIONS.items(), start=10)
        ]
        (folder / "tour.json").write_text(
            json.dumps({"nodes": nodes, "folder": name, "line": f"{name}/line",
                        "made": "2026-01-05T08:00:00Z"})
        )  # fmt: skip
        yield folder


@pytest.fixture
def states():
    return dict.fromkeys(NODES, "running")


@pytest.fixture
def asked(told, states):
    orders = []

    def answer(order):
        orders.append(order)
        if order.word == "stop":
            states[order.node] = "stopped"
        if order.proposal:
            return {"said": f"{order.proposal}-{order.word}ed".replace("propose", "propos")}
        return {"nodes": states}

    line = Line(told / "line", NODES, answer)
    yield orders
    line.close()


@pytest.fixture
def tour(told, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment="demo")
    settings.HUXIN_DEMO_SECRET = "a secret of this run"
    settings.HUXIN_TOUR_FILE = str(told / "tour.json")
    settings.ROOT_URLCONF = "huxin.node.project.urls_tour"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    clear_url_caches()
    yield Client(headers={"Accept-Language": "zh"})
    clear_url_caches()


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("赋能", "苇洲", "开着", "进入：")), ("en", ("Build", "Reed Isles", "running", "Enter as:"))],
)  # fmt: skip
def test_the_page_needs_no_database_and_speaks_both_languages(tour, asked, language, words):
    # No fixture `db`: a query would fail the test.
    page = tour.get("/tour", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert all(word in page.text for word in words)
    assert page.text.count("data-node=") == len(NODES)


def test_chinese_names_in_english_sentences_say_so(tour, asked):
    page = tour.get("/tour", headers={"Accept-Language": "en"}).text
    assert 'Mother of <span lang="zh-Hans">林㑇</span>' in page
    assert "Mother of <span" not in tour.get("/tour").text


def test_the_door_leads_to_the_tour(tour):
    assert tour.get("/")["Location"] == "/tour"


def test_each_button_leads_to_its_own_node_as_one_of_its_accounts(tour, asked, settings):
    page = tour.get("/tour").text
    forms = re.findall(
        r'action="(http://localhost:\d+)/demo/enter" target="node-(\w+)".*?value="([^"]+)"', page
    )
    assert forms
    for origin, code, token in forms:
        settings.HUXIN = dataclasses.replace(settings.HUXIN, region=code)
        entry = entering.read(token)
        assert entry is not None
        assert cast.account(code, entry.account)
        assert origin == f"http://localhost:88{10 + NODES.index(code)}"


def test_a_things_address_is_filled_in(tour, asked):
    page = tour.get("/tour").text
    (step,) = [
        one for one in board.read().lanterns()[2]["steps"] if one["step"].key == "grandmother"
    ]
    assert step["deeds"]
    assert "{" not in page.split("<main", 1)[1].split("</main>")[0].replace("{ ", "")


def test_a_step_that_is_not_built_is_absent():
    for lantern in steps.LANTERNS:
        assert steps.built(lantern, lambda page: False) == ()
        assert steps.built(lantern, lambda page: True) == lantern.steps


def test_steps_are_numbered_throughout(tour, asked):
    numbers = [row["number"] for lantern in board.read().lanterns() for row in lantern["steps"]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_deed_names_an_account_and_pages_that_are_plain():
    for lantern in steps.LANTERNS:
        for step in lantern.steps:
            for deed in step.deeds:
                if deed.kind == "enter":
                    assert cast.account(deed.node, deed.account)
                    assert deed.pages
                if deed.kind == "order":
                    assert deed.node in NODES


@pytest.mark.parametrize("name", ["genuine.txt", "genuine.png"])
def test_samples_are_handed_out(tour, asked, name):
    answer = tour.get(f"/tour/samples/{name}")
    assert answer.status_code == 200
    assert f'filename="huxin-{name}"' in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["changed.txt", "tour.json", "..", "%2e%2e%2ftour.json", "x"])
def test_nothing_else_is_handed_out(tour, asked, name):
    assert tour.get(f"/tour/samples/{name}").status_code == 404


def test_a_node_is_stopped_and_the_page_says_so(tour, asked):
    answer = tour.post("/tour/order", {"asked": "stop QW"})
    assert (answer.status_code, answer["Location"]) == (302, "/tour#nodes")
    assert [order.node for order in asked if order.word == "stop"] == ["QW"]
    assert 'data-node="QW" data-state="stopped"' in tour.get("/tour/nodes").text
    assert 'value="start QW"' in tour.get("/tour").text


def test_whoever_stops_a_node_from_a_step_is_led_back_to_it(tour, asked):
    assert 'formaction="/tour/order?step=proof"' in tour.get("/tour").text
    answer = tour.post("/tour/order?step=proof", {"asked": "stop QW"})
    assert answer["Location"] == "/tour#step-proof"
    assert tour.post("/tour/order?step=//x", {"asked": "stop QW"})["Location"] == "/tour#nodes"


@pytest.mark.parametrize(
    ("words", "said"),
    [("sign join", "苇洲的代表签了"), ("propose suspend", "灯湾的代表提了")],
)
def test_a_delegate_is_asked_for_something_and_the_step_says_what_became_of_it(
    tour, asked, words, said
):
    assert f'name="asked" value="{words}"' in tour.get("/tour").text
    answer = tour.post("/tour/order?step=together", {"asked": words})
    assert answer["Location"].endswith("#step-together")
    page = tour.get(answer["Location"].partition("#")[0]).text
    step = page.split('id="step-together"')[1].split("</article>")[0]
    assert said in step
    assert page.count(said) == 1
    assert said not in tour.get("/tour").text
    assert [f"{one.word} {one.proposal}" for one in asked if one.proposal] == [words]


def test_the_tour_repeats_no_words_of_an_address(tour, asked):
    page = tour.get("/tour?said=%3Cb%3Ebought%3C/b%3E&step=together").text
    assert "bought" not in page.split("<main", 1)[1].split("</main>")[0]


def test_every_answer_to_an_order_has_words():
    for kind in demo_line.PROPOSALS:
        for answer in get_args(Answer):
            # That 松岬 joins is proposed again by itself.
            if (kind, answer) != ("join", "not-proposed"):
                assert answers.ANSWERS[f"{kind}-{answer}"].en
    assert answers.ANSWERS["busy"].zh


def test_every_ask_is_one_that_the_line_knows():
    deeds = [deed for one in steps.LANTERNS for step in one.steps for deed in step.deeds]
    asks = [deed for deed in deeds if deed.kind == "ask"]
    assert asks
    for deed in asks:
        order = demo_line.parse(deed.order.encode(), ())
        assert order.proposal or order.node == demo_line.ALL
        assert deed.button


def test_buttons_of_a_node_that_is_stopped_say_so(tour, asked):
    away = re.compile(r'data-away="(\w+)"( hidden)?')
    assert all(hidden for _, hidden in away.findall(tour.get("/tour").text))
    tour.post("/tour/order", {"asked": "stop QW"})
    found = away.findall(tour.get("/tour").text)
    assert {code for code, hidden in found if not hidden} == {"QW"}
    assert {code for code, hidden in found if hidden} >= {"QV"}


@pytest.mark.parametrize(
    "words", ["", "stop", "stop QY", "kill QW", "reset", "stop QW; ls", "stop 苇洲"]
)
def test_an_order_that_is_none_is_answered_404(tour, asked, words):
    found = tour.post("/tour/order", {"asked": words})
    assert found.status_code == (302 if words == "reset" else 404)
    assert [order for order in asked if order.word in ("stop", "start")] == []


def test_orders_are_posts_with_a_token(tour, asked):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/tour/order", {"asked": "stop QW"}).status_code == 403
    assert strict.post("/tour/reset").status_code == 403
    assert tour.get("/tour/order").status_code == 405


def test_beginning_anew_is_asked_once_more(tour, asked):
    assert "全部重来？" in tour.get("/tour/reset").text
    assert [order.word for order in asked if order.word == "reset"] == []
    assert tour.post("/tour/reset").status_code == 302
    assert [order.word for order in asked if order.word == "reset"] == ["reset"]


def test_without_a_supervisor_the_tour_still_stands(tour, told):
    assert "不知道" in tour.get("/tour").text
    assert tour.post("/tour/order", {"asked": "stop QW"}).status_code == 404
    assert tour.post("/tour/reset").status_code == 404


@pytest.mark.parametrize("state", ["starting", "failed", "resetting", "stopped"])
def test_each_state_has_words(tour, asked, states, state):
    states["QV"] = state
    page = tour.get("/tour/nodes").text
    assert f'data-node="QV" data-state="{state}"' in page
    assert board._STATES[state].zh in page


def test_old_data_says_its_age(tour, asked):
    assert "FRESH=1" in tour.get("/tour").text


def test_a_forged_session_is_nobody(tour, asked):
    tour.cookies["huxin_qw_session"] = "forged"
    assert tour.get("/tour").status_code == 200
