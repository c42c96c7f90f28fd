"""The page that says how far the pages can be used by everybody."""

import pytest


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "还没有用过任何读屏软件"), ("en", "No screen reader was used yet")],
)
def test_anybody_reads_what_was_tried_and_what_was_not(world, lang, words):
    client = world.client()
    client.cookies["huxin_lang"] = lang
    page = client.get("/accessibility")
    assert page.status_code == 200
    assert words in page.content.decode()
    assert client.post("/accessibility").status_code == 405


def test_every_page_leads_there_from_its_foot(world):
    foot = world.client().get("/").content.decode().partition("<footer")[2]
    assert 'href="/accessibility"' in foot
