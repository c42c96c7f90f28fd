"""The offline verifier of a node that really runs, and of a stick: opened once, then nobody serves it and the cable is out."""

import pytest
from playwright.sync_api import Page, expect

from huxin.adapters import clock
from huxin.kernel.instants import rfc3339
from tests.browser.conftest import Watch
from tests.lib.browser_node import running_node
from tests.lib.browser_words import Tongue
from tests.lib.kept_folder import served
from tests.lib.node_lists import card, hold_list
from tests.lib.terminal import Terminal

pytestmark = pytest.mark.size("all")


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("verifier") / "node") as made:
        hold_list(made.folder)
        yield made


@pytest.fixture(autouse=True)
def running(node):
    if not node.children:
        node.serve()


@pytest.fixture(params=["zh", "en"])
def say(request):
    return Tongue(request.param)


@pytest.fixture
def page(chromium, node, running, say):
    context = chromium.new_context(
        base_url=node.origin, locale=say("zh-CN", "en-GB"), viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.watch = Watch((node.origin,), scripts=True)
    page.watch.over(context)
    page.goto("/verifier/")
    expect(page.locator("html")).to_have_attribute("data-kept", "")
    yield page
    troubles = page.watch.troubles
    context.close()
    assert troubles == []


def begin(page: Page) -> None:
    page.locator("#begin-go").click()
    expect(page.locator("html")).to_have_attribute("data-screen", "scan")


def hold_out(page: Page, text: str) -> None:
    """As a scanner does that types like a keyboard."""
    page.locator("[data-other-ways] summary").click()
    page.locator("#paste").fill(text)
    page.locator("#paste-form button").click()
    expect(page.locator("#answer")).to_be_visible()


def genuine(page: Page, say: Tongue) -> None:
    expect(page.locator("#answer")).to_have_attribute("data-outcome", "genuine")
    expect(page.locator("#verdict-said")).to_contain_text("林㑇")
    expect(page.locator("#verdict-said")).to_contain_text(say("真卡", "Genuine"))


def test_it_sets_no_cookie_and_asks_nobody_else(page, say):
    begin(page)
    hold_out(page, card())
    genuine(page, say)
    assert page.context.cookies() == []


def test_with_the_node_stopped_and_the_cable_out_it_opens_and_answers(page, say, node):
    node.halt()
    page.context.set_offline(True)
    page.reload()
    begin(page)
    before = len(page.watch.requests)
    hold_out(page, card())
    genuine(page, say)
    assert [one for one in page.watch.requests[before:] if "/verifier/" not in one] == []
    assert "HC1" not in page.url


@pytest.fixture
def held_out(camera):
    """The camera sees the card from when it is opened; for one test."""
    camera.sees(card())
    yield
    camera.sees(None)


def test_with_the_cable_out_its_camera_reads_too(held_out, page, say, node):
    node.halt()
    page.context.set_offline(True)
    page.reload()
    page.locator("#begin-go").click()
    genuine(page, say)


def test_a_folder_for_a_stick_does_the_same(chromium, tmp_path, say):
    """As `huxin verifier folder` writes it, served by a server of plain files."""
    hold_list(tmp_path)
    terminal = Terminal(tmp_path, now=rfc3339(clock.now()))
    made = terminal.run(
        "verifier", "folder", tmp_path / "stick", "--region", "QW", "--trust-state", tmp_path / "federation"
    )  # fmt: skip
    assert made.exit_code == 0
    context = chromium.new_context(locale=say("zh-CN", "en-GB"))
    try:
        with served(tmp_path / "stick") as server:
            page = context.new_page()
            page.goto(f"{server.origin}/")
            expect(page.locator("html")).to_have_attribute("data-kept", "")
        context.set_offline(True)
        page.reload()
        begin(page)
        hold_out(page, card())
        genuine(page, say)
    finally:
        context.close()
