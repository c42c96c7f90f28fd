"""`huxin issue` as a clerk uses it: a list in, cards and faults out."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from huxin.adapters.paper import press
from huxin.packs.reader import demo_people, pack
from huxin.trust import reading
from tests.lib.demo_cards import TODAY
from tests.lib.terminal import Terminal

ROWS = [dict(one.row) for one in demo_people("school-entry", TODAY)]
SCHOOL = pack("school-entry")
PERSON = [f"--set={key}={value}" for key, value in ROWS[0].items()]


def write_list(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(column.head.zh for column in SCHOOL.columns)
    table.writerows([row.get(column.id, "") for column in SCHOOL.columns] for row in rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.fixture
def desk(tmp_path):
    """A clerk's desk: a key with its passphrase, and a list of ten."""
    terminal = Terminal(tmp_path)
    terminal.new_key("qw.key", "--region", "QW", "--domain", "huxin", "--domain", "icvp")
    write_list(tmp_path / "list.csv", ROWS)
    return terminal


def issue(desk: Terminal, *words: object, **how: Any) -> Any:
    signing = ("--key", desk.folder / "qw.key", "--passphrase-file", desk.folder / "pass")
    return desk.run("issue", "--pack", "school-entry", *signing, *words, **how)


def test_a_region_whose_name_cannot_be_printed_is_told_before_a_card_is_signed(desk):
    folder = desk.folder / "cards"
    words = ("--list", desk.folder / "list.csv", "--out", folder, "--region-name", "🏝岛/Isle")
    made = issue(desk, *words)
    assert made.exit_code == 1
    assert "bad-input" in made.stderr
    assert "U+1F3DD" in made.stderr
    assert [path.name for path in folder.glob("*")] == []
    assert issue(desk, *words, "--format", "txt").exit_code == 0  # nothing is printed


def test_the_template_is_what_is_read(desk):
    made = desk.run("issue", "--template", "school-entry")
    assert made.exit_code == 0
    assert made.stdout_bytes.startswith("\ufeff姓名 Name,拼音 Latin name,".encode())


def test_a_single_card_goes_to_standard_output(desk):
    made = issue(desk, *PERSON)
    assert made.exit_code == 0, made.stderr
    (opened,) = reading.open(made.stdout)
    assert opened.credential is not None
    assert opened.credential.facts is not None
    assert opened.credential.facts.person.name.native == "林㑇"
    assert "SPECIMEN" in made.stderr


def test_a_single_card_as_json(desk):
    said = json.loads(issue(desk, *PERSON, "--json").stdout)
    assert (said["issued"], said["lines"]) == (1, 1)
    assert said["texts"][0].startswith("HC1:")


def test_a_single_card_with_faults_says_them_and_is_not_made(desk):
    made = issue(desk, *PERSON, "--set", "剂次=99", "--set", "date=")
    assert made.exit_code == 1
    assert "HC1:" not in made.stdout
    for said in ("Dose", "bad-input", "1 to 20", "Date given", "missing"):
        assert said in made.stdout


def test_a_list_becomes_a_folder(desk):
    made = issue(desk, "--list", desk.folder / "list.csv", "--out", desk.folder / "cards")
    assert made.exit_code == 0, made.stderr
    assert "Issued 10 of 10 rows." in made.stdout
    names = sorted(path.suffix for path in (desk.folder / "cards").iterdir())
    assert names == [".jsonl", *[".pdf"] * 10, *[".png"] * 10, *[".txt"] * 10]


def test_standard_input_and_gb18030(desk):
    data = write_list(desk.folder / "gb.csv", ROWS, "gb18030").read_bytes()
    made = issue(desk, "--list", "-", "--out", desk.folder / "c", "--format", "txt", typed=data)
    assert made.exit_code == 0, made.stderr
    assert len(list((desk.folder / "c").glob("*.txt"))) == 10


def test_bad_rows_are_told_and_the_rest_is_issued(desk):
    rows = [dict(row) for row in ROWS]
    rows[1]["name"] = ""
    rows[3] = rows[0]
    rows[5]["name"] = "米😀"
    write_list(desk.folder / "list.csv", rows)
    made = issue(desk, "--list", desk.folder / "list.csv", "--out", desk.folder / "cards")
    assert made.exit_code == 1
    assert "Issued 7 of 10 rows." in made.stdout
    with (desk.folder / "cards" / "faults.csv").open(encoding="utf-8-sig", newline="") as table:
        heads, *told = csv.reader(table)
    assert heads[:3] == ["行 line", "栏 column", "代号 code"]
    assert [line[:3] for line in told] == [
        ["3", "姓名 Name", "missing"],
        ["5", "", "duplicate"],
        ["7", "姓名 Name", "bad-input"],
    ]
    assert told[2][5] == "本人写法，至少有一个字 (the font lacks U+1F600)"
    assert not any("林㑇" in cell for line in told for cell in line)


def test_faults_of_an_earlier_run_do_not_stay(desk):
    write_list(desk.folder / "list.csv", [ROWS[0] | {"name": ""}])
    words = ("--list", desk.folder / "list.csv", "--out", desk.folder / "c", "--format", "txt")
    assert issue(desk, *words).exit_code == 1
    assert (desk.folder / "c" / "faults.csv").exists()
    write_list(desk.folder / "list.csv", ROWS[:1])
    assert issue(desk, *words).exit_code == 0
    assert not (desk.folder / "c" / "faults.csv").exists()


def test_a_row_for_every_fault_on_the_screen_up_to_a_point(desk):
    write_list(
        desk.folder / "list.csv", [ROWS[0] | {"dose": "x", "batch": str(n)} for n in range(40)]
    )
    out = ("--list", desk.folder / "list.csv", "--out", desk.folder / "c")
    made = issue(desk, *out, LANG="zh", HUXIN_LANG="zh")
    assert "签发了 0 张，共 40 行。" in made.stdout
    assert "还有 10 处，见 faults.csv" in made.stdout
    shown = desk.run(
        "issue", "--pack", "school-entry", "--preview", "--list", desk.folder / "list.csv"
    )
    assert "… 10 more" in shown.stdout


def test_a_preview_shows_and_signs_nothing(desk):
    rows = [*ROWS, ROWS[0] | {"date": "2027-01-01"}]
    write_list(desk.folder / "list.csv", rows)
    words = ("issue", "--pack", "school-entry", "--list", desk.folder / "list.csv", "--preview")
    made = desk.run(*words)
    assert made.exit_code == 1
    assert "10 of 11 rows can be issued." in made.stdout
    assert "林㑇" in made.stdout
    assert "Measles, mumps, rubella" in made.stdout
    assert "nothing was signed" in made.stdout
    assert "麻腮风疫苗" in desk.run(*words, "--lang", "zh").stdout
    said = desk.json(*words)
    assert (said["issued"], said["lines"], said["faults"][0]["field"]) == (10, 11, "date")
    assert sorted(path.name for path in desk.folder.iterdir()) == ["list.csv", "pass", "qw.key"]


def test_one_pdf_of_ten_cards_on_a_page(desk):
    path = desk.folder / "all.pdf"
    words = ("--list", desk.folder / "list.csv", "--one-pdf", path, "--layout", "card")
    made = issue(desk, *words, "--region-name", "苇洲/Reed Isles")
    assert made.exit_code == 0, made.stderr
    document = pypdfium2.PdfDocument(path)
    assert len(document) == 1
    words_on_it = document[0].get_textpage().get_text_range()
    assert words_on_it.count("苇洲 QW-") == 10
    again = issue(desk, *words)
    assert again.exit_code == 1
    assert "[exists]" in again.stderr


def test_one_pdf_tells_its_faults_beside_it(desk):
    write_list(desk.folder / "list.csv", [ROWS[0], ROWS[1] | {"dose": "0"}])
    made = issue(desk, "--list", desk.folder / "list.csv", "--one-pdf", desk.folder / "all.pdf")
    assert made.exit_code == 1
    assert (desk.folder / "all.faults.csv").exists()
    assert len(pypdfium2.PdfDocument(desk.folder / "all.pdf")) == 1


def test_a_region_may_have_one_name(desk):
    words = ("--list", desk.folder / "list.csv", "--one-pdf", desk.folder / "a.pdf")
    assert issue(desk, *words, "--region-name", "苇洲").exit_code == 0
    page = pypdfium2.PdfDocument(desk.folder / "a.pdf")[0]
    assert "苇洲 (QW), 2026-11-23" in page.get_textpage().get_text_range()


def test_minimal_cards_and_health_cards(desk):
    made = issue(desk, *PERSON, "--minimal")
    (opened,) = reading.open(made.stdout)
    assert opened.credential is not None
    assert opened.credential.facts is not None
    assert opened.credential.facts.events[0].kind == "clearance"
    refused = issue(desk, *PERSON, "--as", "shc")
    assert refused.exit_code == 1
    assert "domain shc" in refused.stderr


def test_places_in_a_status_list(desk):
    made = issue(
        desk, *PERSON, "--status-uri", "https://reed.example.org/s/1", "--status-start", "7"
    )
    (opened,) = reading.open(made.stdout)
    assert opened.credential is not None
    assert opened.credential.status is not None
    assert opened.credential.status.index == 7


def test_the_instant_may_be_another_and_is_said(desk):
    made = issue(desk, *PERSON, "--at", "2026-11-24T08:00:00Z")
    assert made.exit_code == 0
    assert "not now" in made.stderr
    (opened,) = reading.open(made.stdout)
    assert opened.credential is not None
    assert str(opened.credential.issued) == "2026-11-24 08:00:00+00:00"


def test_a_key_past_its_month_is_told_and_past_its_life_refused(desk):
    assert "Time for a new key" in issue(desk, *PERSON, HUXIN_NOW="2027-01-23T10:00:00Z").stderr
    over = issue(desk, *PERSON, HUXIN_NOW="2029-01-23T10:00:00Z")
    assert over.exit_code == 1
    assert "the key is not for this time" in over.stderr


def test_a_column_to_leave_out(desk):
    path = desk.folder / "list.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0] + ",班级", *(line + ",大一班" for line in lines[1:])]), "utf-8"
    )
    words = ("--list", path, "--out", desk.folder / "c", "--format", "txt")
    refused = issue(desk, *words)
    assert refused.exit_code == 1
    assert "[column]" in refused.stderr
    assert "班级" in refused.stderr
    assert issue(desk, *words, "--ignore", "班级").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "What are the cards for?"),
        (["--pack", "school-entry"], "Whose cards?"),
        (["--pack", "school-entry", "--list", "x.csv"], "Where to?"),
        (["--pack", "school-entry", "--set", "name=a", "--resume"], "--resume continues a folder"),
        (["--pack", "school-entry", "--set", "name=a", "--status-uri", "x"], "go together"),
        (["--pack", "school-entry", "--set", "colour=red"], "COLUMN=VALUE"),
        (["--pack", "school-entry", "--set", "name"], "COLUMN=VALUE"),
        (["--pack", "school-entry", "--list", "no.csv", "--preview"], "no such file"),
        (["--pack", "school-entry", "--set", "name=a", "--format", "txt,gif"], "some of txt"),
        (["--pack", "school-entry", *PERSON], "Which key signs?"),
        (["--pack", "itinerary"], "is not one of"),
    ],
)
def test_wrong_usage(tmp_path, words, said):
    made = Terminal(tmp_path).run("issue", *words)
    assert made.exit_code == 2
    assert said in made.stderr


def test_without_the_typesetter_nothing_is_signed_that_was_to_be_printed(desk, monkeypatch):
    monkeypatch.setattr(press, "is_installed", lambda: False)
    words = ("--list", desk.folder / "list.csv", "--out", desk.folder / "c")
    for paper in (["--format", "txt,pdf"], ["--one-pdf", desk.folder / "a.pdf"]):
        made = issue(desk, *words, *paper)
        assert made.exit_code == 1
        assert "[tool]" in made.stderr
        assert not (desk.folder / "c").exists()


def test_without_the_typesetter_and_a_wish_there_are_texts_and_pictures(desk, monkeypatch):
    monkeypatch.setattr(press, "is_installed", lambda: False)
    made = issue(desk, "--list", desk.folder / "list.csv", "--out", desk.folder / "c")
    assert made.exit_code == 0
    assert "huxin[paper] is not installed" in made.stderr
    endings = {one.suffix for one in (desk.folder / "c").iterdir()}
    assert endings == {".txt", ".png", ".jsonl"}


def test_what_could_not_be_written_is_refused_before_a_card_is_signed(desk):
    (desk.folder / "file").write_text("")
    words = ("--list", desk.folder / "list.csv")
    for place in (
        ["--one-pdf", desk.folder / "no" / "a.pdf"],
        ["--out", desk.folder / "file" / "c"],
    ):
        made = issue(desk, *words, *place)
        assert made.exit_code == 1
        assert "[bad-input]" in made.stderr


def test_one_pdf_has_a_limit(desk, monkeypatch):
    monkeypatch.setattr("huxin.adapters.batch.MAX_ONE_PDF", 3)
    made = issue(desk, "--list", desk.folder / "list.csv", "--one-pdf", desk.folder / "a.pdf")
    assert made.exit_code == 1
    assert "[too-big]" in made.stderr


def test_a_run_that_was_killed_is_continued(desk):
    """A real process, killed in the middle of its work."""
    rows = [ROWS[n % 10] | {"batch": f"{n:05d}"} for n in range(80)]
    path, out = write_list(desk.folder / "list.csv", rows), desk.folder / "cards"
    words = [
        *("issue", "--pack", "school-entry", "--list", str(path), "--out", str(out)),
        *("--key", str(desk.folder / "qw.key"), "--passphrase-file", str(desk.folder / "pass")),
        *("--format", "txt,png", "--one-pdf", str(desk.folder / "all.pdf"), "--layout", "card"),
    ]
    code = "from huxin.cli.main import main; main()"
    environment = os.environ | {k: v for k, v in desk.environment.items() if v is not None}
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        for _ in range(6_000):
            if len(list(out.glob("*.png"))) >= 15:
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    done = len(list(out.glob("*.png")))
    assert 15 <= done < 80
    refused = desk.run(*words)
    assert refused.exit_code == 1
    assert "[exists]" in refused.stderr
    made = desk.run(*words, "--resume")
    assert made.exit_code == 0, made.stderr
    assert "Issued 80 of 80 rows." in made.stdout
    assert "were made by an earlier run" in made.stdout
    cards = [reading.open(one.read_text("ascii"))[0].credential for one in out.glob("*.txt")]
    identifiers = {one.facts.identifier for one in cards if one and one.facts}
    assert len(cards) == len(identifiers) == len(list(out.glob("*.png"))) == 80
    assert len(pypdfium2.PdfDocument(desk.folder / "all.pdf")) == 8
    assert not list(out.glob(".*.part"))
