"""Many cards: each exists once, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huxin.adapters import batch, manifest, output
from huxin.adapters.batch import Job, StatusStart
from huxin.adapters.cards import Card, Wish
from huxin.adapters.paper import press
from huxin.adapters.paper.face import Region as PaperRegion
from huxin.adapters.tables import RowFault
from huxin.kernel.errors import RefusalError
from huxin.packs.entries import Entry
from huxin.trust import reading
from huxin.trust.credentials.credential import StatusIndex
from tests.lib.demo_cards import counting, demo_entries, entry
from tests.lib.regions import NOW, Region

ENTRIES = demo_entries("school-entry")
SETTINGS = batch.settings_hash({"list": "a"})


def job(**changes: Any) -> Job:
    made = Job(
        signer=Region("QW", 1, environment="test"),
        wish=Wish(),
        region=PaperRegion("QW"),
        layout="card",
        now=NOW,
        chance=counting(),
    )
    return replace(made, **changes)


def issue(
    folder: Path, entries: Any = ENTRIES, formats: Any = ("txt",), **how: Any
) -> batch.Outcome:
    settings = how.pop("settings", SETTINGS)
    resume = how.pop("resume", False)
    return batch.issue_into_folder(
        entries, job(**how), folder, formats, settings=settings, resume=resume
    )


def records(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / manifest.NAME).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def texts(folder: Path) -> list[str]:
    return [path.read_text("ascii").strip() for path in sorted(folder.glob("*.txt"))]


def test_a_folder_of_cards_with_its_receipt(tmp_path):
    steps: list[int] = []
    outcome = issue(
        tmp_path / "cards",
        formats=("txt", "png", "svg", "pdf"),
        on_paper=True,
        progress=lambda: steps.append(1),
    )
    assert len(outcome.cards) == len(steps) == len(ENTRIES)
    head, *rest = records(tmp_path / "cards")
    assert head["pack"] == "school-entry"
    assert head["environment"] == "test"
    issued = [one for one in rest if "issued" in one]
    assert [one["line"] for one in issued] == [line for line, _ in ENTRIES]
    for one in issued:
        assert len(one["files"]) == 4
        for name, digest in one["files"].items():
            assert hashlib.sha256((tmp_path / "cards" / name).read_bytes()).hexdigest() == digest
    whole = (tmp_path / "cards" / manifest.NAME).read_text("utf-8")
    assert "林" not in whole
    assert "HC1:" not in whole
    assert {path.suffix for path in (tmp_path / "cards").iterdir()} == {
        ".jsonl", ".txt", ".png", ".svg", ".pdf",
    }  # fmt: skip


def test_cards_in_memory_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = batch.issue_in_memory(
        [*ENTRIES, (99, entry("school-entry"))], job(wish=Wish(minimal=True))
    )
    assert len(outcome.cards) == len(ENTRIES) + 1
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_gives_no_card_never_stops_the_others(tmp_path):
    odd: list[tuple[int, Entry]] = [
        ENTRIES[0],
        (3, entry("school-entry", name="林😀")),
        (4, entry("school-entry", complete_until="")),
        ENTRIES[3],
    ]
    found = issue(tmp_path, odd, on_paper=True, formats=("txt", "pdf"))
    assert found.faults == (RowFault(3, "name", "bad-input", "the font lacks U+1F600"),)
    minimal = batch.issue_in_memory(odd, job(wish=Wish(minimal=True)))
    assert [(one.line, one.field, one.code) for one in minimal.faults] == [
        (4, "complete_until", "missing")
    ]
    refused = [one for one in records(tmp_path) if "refused" in one]
    assert refused == [{"line": 3, "refused": "bad-input", "field": "name"}]


def test_a_letter_that_cannot_be_printed_is_no_matter_where_nothing_is_printed():
    assert batch.issue_in_memory([(2, entry("school-entry", name="林😀"))], job()).faults == ()


def test_a_card_that_cannot_be_drawn_leaves_none_of_its_files(tmp_path, monkeypatch):
    def refuse(*_: Any, **__: Any) -> bytes:
        raise RefusalError("too-long", "the code is too fine")

    monkeypatch.setattr(press, "print_cards", refuse)
    found = issue(tmp_path, ENTRIES[:2], formats=("txt", "pdf"))
    assert [one.code for one in found.faults] == ["too-long", "too-long"]
    assert found.faults[0].detail == "the code is too fine"
    assert texts(tmp_path) == []


def test_each_card_has_its_place_in_the_status_list(tmp_path):
    status = StatusStart("https://reed-isles.example.org/status/1", 40)
    outcome = issue(tmp_path, ENTRIES[:3], status=status)
    assert [card.credential.status for _, card in outcome.cards] == [
        StatusIndex(status.uri, place) for place in (40, 41, 42)
    ]
    assert [one["index"] for one in records(tmp_path) if "plan" in one] == [40, 41, 42]


# ----------------------------------------------------------------------------------------- resuming


class Killed(BaseException):
    """What no program catches: the plug is pulled."""


def kill_at(monkeypatch: Any, name: str, after: int) -> None:
    """Pull the plug when a file of this ending is about to be written for the n-th time."""
    left = [after]
    write = output.write_new

    def write_or_die(path: Path, data: bytes, **how: Any) -> None:
        if path.suffix == name:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
        write(path, data, **how)

    monkeypatch.setattr(output, "write_new", write_or_die)


@pytest.mark.parametrize("after", [0, 1, 4, 9])
@pytest.mark.parametrize("ending", [".txt", ".png"])
def test_a_run_that_was_killed_is_continued_and_makes_no_card_twice(
    tmp_path, monkeypatch, after, ending
):
    with monkeypatch.context() as plug:
        kill_at(plug, ending, after)
        with pytest.raises(Killed):
            issue(tmp_path, formats=("txt", "png"))
    planned = {one["line"]: one["plan"] for one in records(tmp_path) if "plan" in one}
    outcome = issue(tmp_path, formats=("txt", "png"), resume=True)
    assert outcome.resumed == after
    assert [card.identifier for _, card in outcome.cards] == list(planned.values())
    assert len(texts(tmp_path)) == len(ENTRIES)
    assert len(list(tmp_path.glob("*.png"))) == len(ENTRIES)
    issued = [one["line"] for one in records(tmp_path) if "issued" in one]
    assert issued == [line for line, _ in ENTRIES]
    for one in records(tmp_path):
        for name, digest in one.get("files", {}).items():
            assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    identifiers = [reading.open(text)[0].credential for text in texts(tmp_path)]
    assert [one.facts.identifier for one in identifiers if one and one.facts] == list(
        planned.values()
    )


def test_a_card_that_a_killed_run_left_unnamed_is_cleared_away(tmp_path):
    issue(tmp_path, ENTRIES[:2])
    left = tmp_path / ".00009-QW-7K2M-9QF4-XJ3D.txt.0123456789ab.part"
    left.write_text("HC1:")
    issue(tmp_path, resume=True)
    assert not left.exists()
    assert len(texts(tmp_path)) == len(ENTRIES)


def test_half_a_line_at_the_end_is_as_if_it_had_not_been_written(tmp_path):
    issue(tmp_path)
    path = tmp_path / manifest.NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    outcome = issue(tmp_path, resume=True)
    assert outcome.resumed == len(ENTRIES) - 1
    assert records(tmp_path)[-1]["line"] == ENTRIES[-1][0]
    assert len(texts(tmp_path)) == len(ENTRIES)


def test_a_finished_run_has_nothing_left_to_do(tmp_path):
    first = issue(tmp_path)
    before = (tmp_path / manifest.NAME).read_bytes()
    again = issue(tmp_path, resume=True)
    assert again.resumed == len(ENTRIES)
    assert (tmp_path / manifest.NAME).read_bytes() == before
    assert [card.credential.text for _, card in again.cards] == [
        card.credential.text for _, card in first.cards
    ]


def test_cards_whose_text_was_not_kept_are_counted_and_not_shown(tmp_path):
    issue(tmp_path, formats=("png",))
    again = issue(tmp_path, formats=("png",), resume=True)
    assert (again.cards, again.resumed) == ((), len(ENTRIES))


def _no_code(first: Path, _: Path) -> None:
    first.write_text("HC1:NO\n")


def _swapped(first: Path, second: Path) -> None:
    first.write_bytes(second.read_bytes())


def _deleted(first: Path, _: Path) -> None:
    first.unlink()


def _longer(first: Path, _: Path) -> None:
    first.write_bytes(first.read_bytes() + b"\n")


@pytest.mark.parametrize("change", [_no_code, _swapped, _deleted, _longer])
def test_where_a_kept_text_is_not_as_it_was_written_nothing_more_is_made(tmp_path, change):
    issue(tmp_path, ENTRIES[:2])
    first, second = sorted(tmp_path.glob("*.txt"))
    change(first, second)
    before = (tmp_path / manifest.NAME).read_bytes()
    with pytest.raises(RefusalError) as caught:
        issue(tmp_path, ENTRIES[:3], resume=True)
    assert (caught.value.refusal.code, caught.value.refusal.detail) == (
        "exists", f"{first.name} is missing or was changed",
    )  # fmt: skip
    assert [one for one in records(tmp_path) if "issued" in one] == [
        json.loads(line) for line in before.splitlines() if b"issued" in line
    ]


def test_resuming_what_never_began_begins_it(tmp_path):
    assert len(issue(tmp_path / "new", resume=True).cards) == len(ENTRIES)


@pytest.mark.parametrize(
    ("how", "changed"),
    [
        pytest.param({"resume": False}, {}, id="not asked to"),
        pytest.param(
            {"resume": True}, {"settings": batch.settings_hash({"list": "b"})}, id="another list"
        ),
        pytest.param({"resume": True}, {"signer": Region("QW", 2)}, id="another key"),
    ],
)
def test_a_folder_in_use_is_left_alone(tmp_path, how, changed):
    issue(tmp_path, ENTRIES[:1])
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(RefusalError) as caught:
        issue(tmp_path, ENTRIES[:1], **how, **changed)
    assert caught.value.refusal.code == "exists"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_what_another_run_wrote_until_now_is_read_and_stays(tmp_path, monkeypatch):
    issue(tmp_path, ENTRIES[:1])
    head = {
        key: text for key, text in records(tmp_path)[0].items() if key not in ("huxin", "version")
    }
    more = b'{"line": 9, "issued": "QW-7K2M-9QF4-XJ3D", "files": {}, "until": "2030-01-01"}\n'
    locked = manifest._keep_others_out

    def after_another_run(descriptor):
        with (tmp_path / manifest.NAME).open("ab") as other:
            other.write(more)
        locked(descriptor)

    monkeypatch.setattr(manifest, "_keep_others_out", after_another_run)
    with manifest.Manifest.begin(tmp_path, head, resume=True) as found:
        assert 9 in found.issued
    assert (tmp_path / manifest.NAME).read_bytes().endswith(more)


def test_two_runs_never_write_into_one_folder_at_once(tmp_path):
    issue(tmp_path, ENTRIES[:1])
    head = {
        key: text for key, text in records(tmp_path)[0].items() if key not in ("huxin", "version")
    }
    with manifest.Manifest.begin(tmp_path, head, resume=True):
        with pytest.raises(RefusalError) as caught:
            issue(tmp_path, ENTRIES[:1], resume=True)
        assert caught.value.refusal.detail == "another run is at work in this folder"


def test_a_receipt_that_cannot_be_written(tmp_path, monkeypatch):
    def refuse(*_: Any) -> int:
        raise PermissionError(13, "Permission denied")

    issue(tmp_path, ENTRIES[:1])
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(RefusalError) as caught:
        issue(tmp_path, ENTRIES[:1], resume=True)
    assert caught.value.refusal.detail == "manifest.jsonl cannot be written: Permission denied"


def test_an_empty_receipt_is_none(tmp_path):
    (tmp_path / manifest.NAME).write_bytes(b"")
    with pytest.raises(RefusalError):
        issue(tmp_path, ENTRIES[:1], resume=True)


def test_no_entries_no_cards(tmp_path):
    assert issue(tmp_path, []).cards == ()
    assert isinstance(ENTRIES[0][1], Entry)
    assert not any(isinstance(one, Card) for one in issue(tmp_path, [], resume=True).faults)
