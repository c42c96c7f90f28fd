"""The documents are held to the program, and to the promises about words.

Leaves to `test_mission` what the mission page claims.  Here: every command shown exists with its options, every link
resolves, every code and command is described, the glossary keeps its limits, decisions keep their form, and
no page uses a word that no honest system can keep.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click
import pytest

from huxin.spec import CODES
from tests.lib.documents import (
    ROOT,
    anchors,
    check_command,
    console_commands,
    leaves,
    relative_links,
    table_rows,
)
from tools import write_codes_page

DOCS: Final = sorted((ROOT / "docs").rglob("*.md"))
_TOP: Final = "README ARCHITECTURE GLOSSARY CHANGELOG CONTRIBUTING SECURITY"
TOP: Final = [ROOT / f"{name}.md" for name in _TOP.split()]
LAW: Final = sorted((ROOT / "spec").rglob("*.md"))
PAGES: Final = [*TOP, *DOCS, *LAW]
PROSE: Final = [page for page in PAGES if page.name not in ("CHANGELOG.md",)]
CLI_PAGE: Final = ROOT / "docs" / "reference" / "cli.md"
LIMITS: Final = ROOT / "docs" / "explanation" / "limits.md"
DECISIONS: Final = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


COMMANDS: Final = [
    (page, line.strip())
    for page in PAGES
    if page.exists()
    for command in console_commands(page.read_text("utf-8"))
    for line in re.split(r"\||&&|;", command)
    if re.match(r"\s*(\S+/)?huxin\b", line)
]


@pytest.mark.parametrize(
    ("page", "line"), COMMANDS, ids=[f"{_name(page)}: {line}" for page, line in COMMANDS]
)
def test_a_command_that_is_shown_exists_with_its_options(page: Path, line: str) -> None:
    assert page.exists()
    check_command(line)


@pytest.mark.parametrize("words", sorted(leaves()), ids=" ".join)
def test_every_command_and_option_is_described(words: tuple[str, ...]) -> None:
    title = "huxin " + " ".join(words)
    sections = re.split(r"^## ", CLI_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    own = [section for section in sections if section.startswith(f"`{title}`")]
    assert own, f"docs/reference/cli.md has no section for {title}"
    for parameter in leaves()[words].params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            longest = max(parameter.opts, key=len)
            assert f"`{longest}" in own[0], f"{title}: {longest} is not described"


def test_the_reference_describes_no_option_that_is_gone() -> None:
    sections = re.split(r"^## ", CLI_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    for section in sections:
        if not (title := re.match(r"`huxin ([^`]*)`", section)):
            continue
        command = leaves().get(tuple(title[1].split()))
        assert command is not None, f"huxin {title[1]} is described but does not exist"
        known = {"--help"}.union(
            *({*p.opts, *p.secondary_opts} for p in command.params if isinstance(p, click.Option))
        )
        shown = set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE))
        assert shown <= known, f"huxin {title[1]}: {sorted(shown - known)} do not exist"


# -------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in relative_links(page.read_text("utf-8")):
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert ROOT in (target, *target.parents), f"{link} leads out of the repository"
        if fragment and target.suffix == ".md":
            assert fragment in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize(
    "page", [page for page in DOCS if page.parent.name != "decisions"], ids=_name
)
def test_every_page_is_found_from_the_first_one(page: Path) -> None:
    front = ROOT / "README.md"
    named = {(ROOT / link.partition("#")[0]) for link in relative_links(front.read_text("utf-8"))}
    assert page in named, f"README.md does not lead to {_name(page)}"


@pytest.mark.parametrize(
    "page", [page for page in DOCS if page.parent.name != "decisions"], ids=_name
)
def test_a_page_for_people_speaks_both_languages(page: Path) -> None:
    text = page.read_text("utf-8")
    assert CHINESE.search(text.splitlines()[0]), "the title lacks Chinese"
    assert len(CHINESE.findall(text)) >= 60


def test_the_page_of_codes_is_current() -> None:
    assert write_codes_page.PAGE.read_text("utf-8") == write_codes_page.page(), (
        "run: python -m tools.write_codes_page"
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_sentences_and_stands_in_the_docs(code: str) -> None:
    assert f"| `{code}` |" in write_codes_page.PAGE.read_text("utf-8")
    row = CODES[code]
    for texts in (row.text, row.next):
        assert texts["zh"].strip()
        assert texts["en"].strip()


def test_codes_named_on_the_page_of_verdicts_exist() -> None:
    text = (ROOT / "docs" / "explanation" / "verdicts.md").read_text("utf-8")
    cells = [row[2] for row in table_rows(text) if len(row) == 3]
    named = {code for cell in cells for code in re.findall(r"`([a-z-]+)`", cell)}
    assert named
    assert named <= CODES.keys(), sorted(named - CODES.keys())


# -------------------------------------------------------------------------------------------- words

# What no system of keys, people and paper can promise; only the sentence that says so may use them.
_NO_HONEST_WORD: Final = re.compile(
    r"\b(impossible|unforgeable|anonym\w*|unhackable|tamper-?proof)\b|不可伪造|无法伪造|绝对安全|匿名",
    re.IGNORECASE,
)
_EXCUSED: Final = re.compile(
    r"<!-- the one sentence in which the three words may stand -->.*?<!-- end of that sentence -->",
    re.DOTALL,
)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_promises_what_cannot_be_kept(page: Path) -> None:
    text = page.read_text("utf-8")
    if page == LIMITS:
        text, excused = _EXCUSED.subn("", text)
        assert excused == 1
    found = _NO_HONEST_WORD.search(text)
    assert not found, f"{found[0]!r}: see docs/explanation/limits.md" if found else ""


@pytest.mark.parametrize(
    "page", [page for page in PROSE if page.name not in ("GLOSSARY.md",)], ids=_name
)
def test_we_say_region(page: Path) -> None:
    found = re.search(r"\bcountr(y|ies)\b|国家|[\U0001F1E6-\U0001F1FF]", page.read_text("utf-8"))
    assert not found, f"{found[0]!r}" if found else ""


# ----------------------------------------------------------------------------------------- glossary

_GLOSSARY: Final = list(table_rows((ROOT / "GLOSSARY.md").read_text("utf-8")))
# Words that code and pages lean on; a glossary without one of them has been cut too far.
_NEEDED: Final = """
    credential|card|envelope|facts|person|event|vaccination|test|recovery|examination|clearance|issuer|region|domain
    kid|anchor|trust store|basis|verdict|accepted|rejected|cross-check|unknown|reason|code|purpose|pack|status index
    rid|minimal card|signer|key file|recovery sheet|restore drill|environment label|specimen|holder|resident|checker
    helper|guardian|federation|witness|tombstone|bundle|freshness|rule|trace
""".replace("\n", "|")


def test_the_glossary_holds_the_words_that_we_use() -> None:
    needed = {word.strip() for word in _NEEDED.split("|") if word.strip()}
    assert needed <= {row[1] for row in _GLOSSARY}


@pytest.mark.parametrize("column", [0, 1])
def test_one_word_for_one_thing(column: int) -> None:
    words = [row[column] for row in _GLOSSARY]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("row", _GLOSSARY, ids=lambda row: row[1])
def test_a_glossary_row_is_short_and_whole(row: list[str]) -> None:
    chinese, english, plain_zh, plain_en, not_confused = row
    assert CHINESE.search(chinese)
    assert english
    assert not_confused
    assert len(plain_zh) <= 35
    assert len(plain_en.replace("(*later*)", "").split()) <= 20


# ---------------------------------------------------------------------------------------- decisions


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", DECISIONS, ids=_name)
def test_a_decision_keeps_its_form(page: Path) -> None:
    text = page.read_text("utf-8")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.search(
        r"^Status: (accepted|replaced by \[\d{4}\]\(.+\)) · \d{4}-\d\d-\d\d", text, re.M
    )
    assert len(text.splitlines()) <= 60
