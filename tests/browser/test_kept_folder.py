"""The shell of the verifier: a folder of plain files opens with the cable out, and changes only when it is told to."""

import pytest
from playwright.sync_api import expect

from tests.lib.kept_folder import ESBUILD, KeptFolder, served

pytestmark = [pytest.mark.size("all"), pytest.mark.needs("node")]


@pytest.fixture
def folder(tmp_path):
    if not ESBUILD.exists():
        pytest.skip("needs npm's esbuild; run: make assets")
    made = KeptFolder(tmp_path / "stick" / "verifier")
    made.build("first")
    return made


@pytest.fixture
def server(folder):
    with served(folder.path.parent) as made:
        yield made


@pytest.fixture
def page(chromium, server):
    context = chromium.new_context()
    page = context.new_page()
    open_kept(page, server)
    yield page
    context.close()


def open_kept(page, server):
    """Open the folder's page and wait until it is kept."""
    page.goto(f"{server.origin}/verifier/")
    expect(page.locator("html")).to_have_attribute("data-kept", "")


def says(page, words, data):
    expect(page.locator("h1")).to_have_text(words)
    expect(page.locator("#data")).to_have_text(data)


def kept(page):
    """All that the browser keeps: cache → addresses below the folder."""
    return page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
           [name, (await (await caches.open(name)).keys()).map((one) => one.url.split("/verifier/")[1]).sort()])))"""
    )


def new_edition_waits(page):
    page.evaluate("look()")
    expect(page.locator("#news")).to_have_text("new edition ")


def test_a_page_that_was_opened_once_opens_without_a_server(page, server):
    says(page, "first", "first data")
    server.stop()
    page.context.set_offline(True)
    page.reload()
    says(page, "first", "first data")
    # Whatever is written behind the address, it is this page.
    page.goto(f"{server.origin}/verifier/?text=HC1:ABC#HC1:DEF")
    says(page, "first", "first data")
    page.goto(f"{server.origin}/verifier/index.html")
    says(page, "first", "first data")


def test_nothing_is_kept_but_the_files_that_are_named(page, server):
    page.goto(f"{server.origin}/verifier/?text=HC1:ABC")
    page.evaluate("fetch('data/setup.json?text=HC1:ABC').then(() => fetch('elsewhere?HC1:ABC'))")
    says(page, "first", "first data")
    found = kept(page)
    assert all(name.startswith("huxin-verifier-/verifier/-") for name in found), found
    assert sorted(found.values()) == [["app.js", "client.js", "index.html"], ["data/setup.json"]]


def test_data_come_from_the_server_while_it_answers(page, server, folder):
    folder.says("second data")
    page.reload()
    says(page, "first", "second data")
    server.stop()
    page.reload()
    says(page, "first", "second data")


@pytest.mark.parametrize("came", [b"<!doctype html>Please pay for the network.", b""])
def test_what_is_no_data_does_not_take_the_place_of_data(page, server, folder, came):
    folder.data(came)
    page.reload()
    says(page, "first", "first data")
    server.stop()
    page.reload()
    says(page, "first", "first data")


def test_a_new_edition_waits_until_the_page_takes_it(page, server, folder):
    folder.build("second")
    new_edition_waits(page)
    page.reload()
    says(page, "first", "first data")
    expect(page.locator("#news")).to_have_text("new edition ")
    page.locator("#use").click()
    says(page, "second", "first data")
    expect(page.locator("#news")).to_have_text("")
    assert len(kept(page)) == 2
    server.stop()
    page.reload()
    says(page, "second", "first data")


def test_another_tab_is_told_and_not_reloaded(page, server, folder):
    other = page.context.new_page()
    open_kept(other, server)
    folder.build("second")
    new_edition_waits(page)
    expect(other.locator("#news")).to_have_text("new edition ")
    page.locator("#use").click()
    says(page, "second", "first data")
    says(other, "first", "first data")
    other.locator("#use").click()
    says(other, "second", "first data")


def test_an_edition_that_is_not_whole_is_not_taken(page, server, folder):
    folder.build("second")
    (folder.path / "index.html").write_text("cut short", "utf-8")
    page.evaluate("look()")
    page.evaluate(
        """async () => { const one = await navigator.serviceWorker.getRegistration(); const coming = one.installing;
           if (coming) await new Promise((done) => { coming.onstatechange = () => coming.state === "redundant" && done();
             if (coming.state === "redundant") done(); }); }"""
    )
    assert len(kept(page)) == 2
    server.stop()
    page.reload()
    says(page, "first", "first data")
    expect(page.locator("#news")).to_have_text("")


def test_two_copies_on_one_address_do_not_meet(page, server, folder):
    twin = KeptFolder(folder.path.parent / "other" / "verifier")
    twin.build("twin")
    twin.says("twin data")
    other = page.context.new_page()
    other.goto(f"{server.origin}/other/verifier/")
    expect(other.locator("html")).to_have_attribute("data-kept", "")
    server.stop()
    other.reload()
    says(other, "twin", "twin data")
    page.reload()
    says(page, "first", "first data")
