"""The story is told to the end, twice, and keeps what it made."""

from __future__ import annotations

from typing import cast

import pytest

from huxin.adapters.cards import Wish, sign_card
from huxin.adapters.paper import press
from huxin.adapters.practice import changed_text
from huxin.cli import story
from huxin.cli.story_world import World
from huxin.kernel.errors import HuxinError
from huxin.trust import reading
from huxin.trust.verify import verify
from tests.lib.demo_cards import entry
from tests.lib.regions import NOW, Region, basis
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


def test_the_whole_story(terminal):
    told = terminal.run("story", "--out", "story")
    assert told.exit_code == 0, told.stderr
    for said in (
        "林㑇  2020   ✓ 真卡 Genuine · 苇洲 Reed Isles",
        "SHEN YUANFAN  1985   ✓ 真卡 Genuine",
        "顾小舟  1992   ✓ 真卡 Genuine · 灯湾 Lantern Bay",
        "签名不对：卡被改过或没印全。",
        "已经过期。",
        "◆ 再看一项 Check one more",
        "The issuer is not on this place's trust list.",
        "A specimen: signed with a test key, not a real card.",
        "请打开这些文件看看",
    ):
        assert said in told.stdout
    folder = terminal.folder / "story"
    assert (folder / "school-entry-QW-cards.pdf").is_file()
    assert (folder / "changed.png").is_file()
    assert len(list((folder / "school-entry-QW").glob("*.pdf"))) == 10
    # The last thing told can be typed as it stands.
    (command,) = (
        line for line in told.stdout.splitlines() if line.strip().startswith("huxin verify")
    )
    assert "真卡" in terminal.run(*command.split()[1:], "--lang", "zh").stdout


def test_each_run_has_a_folder_of_its_own(terminal, monkeypatch):
    monkeypatch.setattr(story._Story, "tell", lambda _story: None)
    assert terminal.run("story").exit_code == 0
    assert terminal.run("story").exit_code == 0
    made = sorted(path.name for path in terminal.folder.iterdir() if path.is_dir())
    assert len(made) == 2
    assert made[1] == f"{made[0]}-2"
    assert made[0].startswith("story-20261123-")


def test_a_folder_that_is_there_is_left_alone(terminal):
    (terminal.folder / "mine").mkdir()
    told = terminal.run("story", "--out", "mine")
    assert told.exit_code == 1
    assert "[exists]" in told.stderr
    assert list((terminal.folder / "mine").iterdir()) == []


def test_a_folder_that_cannot_be_made(terminal):
    (terminal.folder / "file").write_text("")
    told = terminal.run("story", "--out", "file/story")
    assert told.exit_code == 1
    assert "Not a directory" in told.stderr


def test_without_the_typesetter_the_story_is_told_with_pictures(terminal, monkeypatch):
    monkeypatch.setattr(press, "is_installed", lambda: False)
    told = terminal.run("story", "--out", "story")
    assert told.exit_code == 0, told.stderr
    assert not list((terminal.folder / "story").rglob("*.pdf"))


def test_a_story_that_goes_otherwise_is_an_error(tmp_path):
    class OtherWorld:
        folder = tmp_path
        on_paper = False

        def check(self, path, trust, *, at, environment):
            return (verify((), basis(), now=NOW),)

    told = story._Story(cast("World", OtherWorld()))
    with pytest.raises(HuxinError, match=r"a\.png: expected ok, got no-card"):
        told._check("QV", tmp_path / "a.png", tmp_path / "trust", "ok")


@pytest.mark.parametrize(
    ("birth", "other"), [("2020-03-18", "2021"), ("2026", "2025"), ("1999-01", "1998")]
)
def test_a_forger_changes_one_digit(birth, other):
    made = sign_card(
        entry("school-entry", birth=birth),
        Region("QW", 1),
        Wish(),
        identifier="QW-7K2M-9QF4-XJ3D",
        now=NOW,
    )
    (opened,) = reading.open(changed_text(made.credential))
    assert opened.credential is not None
    assert opened.credential.facts is not None
    assert opened.credential.facts.person.birth is not None
    assert str(opened.credential.facts.person.birth.year) == other
    assert opened.credential.signature == made.credential.signature
