"""What looks at our pages sees what is wrong: a page with one fault of each kind, and one with none."""

import pytest

from tests.lib import browser_eye, browser_focus

SOUND = """<!doctype html><html lang="en"><title>Sound</title><body style="font-size:24px"><main>
<h1>A page</h1><p>Some words, and <a href="#a">a link</a> among them.</p>
<button style="height:72px;font-size:24px">Sign</button></main>"""
FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><body style="font-size:24px"><main>
<h1>A page</h1><img src="data:,"><p style="font-size:12px">Small</p>
<button style="height:20px;font-size:24px">Low</button>
<p style="width:400px">Wide</p></main>"""


def test_a_sound_page_has_no_fault(enter):
    page = enter()
    page.set_content(SOUND)
    assert browser_eye.faults(page, elder=True) == []


def test_each_fault_is_seen(enter):
    page = enter(width=1280)
    page.set_content(FAULTY)
    kinds = [one.split(": ")[0] for one in browser_eye.faults(page, elder=True)]
    assert kinds[:3] == ["axe", "small text", "small target"]
    assert kinds[3].startswith("scrolls sideways")


FOCUS = """<!doctype html><html lang="en"><title>Focus</title>
<body style="font-size:24px;height:3000px"><a href="#a" style="position:absolute;{}">A link</a>
<div style="position:fixed;top:0;left:0;right:0;height:90px;background:#fff">A head that stays</div>"""


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("top:200px", ""),
        ("top:20px", "covered by"),
        ("top:84px", "covered by"),
        ("top:200px;outline:none", "not drawn around"),
        ("top:200px;left:-300px", "outside of the window"),
    ],
    ids=["seen", "under the head", "partly under the head", "no ring", "beside the window"],
)
def test_a_focus_that_nobody_sees_is_told(enter, style, seen):
    page = enter()
    page.set_content(FOCUS.format(style))
    page.keyboard.press("Tab")
    told = browser_focus.unseen(page)
    assert told.startswith(seen)
    assert bool(told) == bool(seen)
