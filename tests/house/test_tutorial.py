"""The tutorial and the README are walked as written, in a shell, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.documents import ROOT, console_commands

PASSPHRASE = "three lanterns over the water"
# What the reader is told to see: a word of each answer, in the order of the page's commands.
TUTORIAL = (
    ("doctor", "Nothing is wrong."),
    ("keys new", "The key is made"),
    ("issue", "Issued 1 of 1 rows."),
    ("inspect", "林㑇"),
    ("keys show", ""),
    ("verify", "✓ Genuine"),
    ("verify", "SPECIMEN"),
    ("verify", "✕ Not accepted"),
    ("verify", "? Cannot tell"),
    ("verify", "No longer valid"),
)
README = (
    ("keys new", "The key is made"),
    ("issue", "Issued 1 of 1 rows."),
    ("keys show", ""),
    ("verify", "✓ Genuine"),
)


CEREMONY = (
    ("keys new", "The key is made"),
    ("trust init qv", "one person to keep"),
    ("keys new", "The key is made"),
    ("trust init qw", "one person to keep"),
    ("trust propose found", "Lint: nothing found."),
    ("trust diff", "2 keys come to be trusted"),
    ("trust sign", "The emergency key of QV signed: emergency"),
    ("trust sign", "The officer key of QV signed: region-QV"),
    ("trust sign", "The root key of QW signed: root"),
    ("trust sign", "The officer key of QW signed: region-QW"),
    ("trust publish", "Published. The list is version 1; 2 keys are trusted."),
    ("trust status", "region-QW"),
    ("trust bundle", "fingerprint"),
    ("trust refresh", "2"),
    ("trust init xa", "one person to keep"),
    ("trust propose join", "XA joins (probation)."),
    ("trust sign", "The charter key of QV signed: targets"),
    ("trust sign", "The charter key of QW signed: targets"),
    ("trust sign", "The officer key of XA signed: region-XA"),
    ("trust publish", "Published. The list is version 2"),
    ("trust propose admit", "XA becomes active."),
    ("trust sign", "The root key of QV signed: root"),
    ("trust sign", "The root key of QW signed: root"),
    ("trust sign", "The root key of XA signed: root"),
    ("trust publish", "Published. The list is version 3"),
    ("trust propose suspend", "Suspends XA: A key leaked"),
    ("trust sign", "The emergency key of QV signed: emergency"),
    ("trust sign", "The emergency key of QW signed: emergency"),
    ("trust publish", "Published. The list is version 4"),
    ("trust propose notice", "federation publishes a notice (incident): A key leaked"),
    ("trust vote", "XA has voted: against"),
    ("trust sign", "The charter key of QV signed: targets"),
    ("trust sign", "The charter key of QW signed: targets"),
    ("trust publish", "Published. The list is version 5"),
    ("trust propose renew", "it only lasts longer"),
    ("trust publish", "Published. The list is version 6"),
    ("trust status", "Pine Cape"),
)


def walk(page: Path, folder: Path) -> list[tuple[str, str]]:
    """Type every `huxin` command of a page, and the texts it is given; return each command with what it answered.

    A question is answered with yes.  What the page shows as a JSON file lies there as `charter.json`.
    """
    secret = folder / "passphrase"
    secret.write_text(f"{PASSPHRASE}\n", "utf-8")
    secret.chmod(0o600)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HUXIN_LANG": "en",
        "HUXIN_PASSPHRASE_FILE": str(secret),
        "LC_ALL": "C.UTF-8",
    }
    work = folder / "first"
    work.mkdir()
    for shown in re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[:1]:
        (work / "charter.json").write_text(shown, "utf-8")
    answers = []
    for line in console_commands(page.read_text("utf-8")):
        if not ("huxin " in line or line.startswith("printf ")) or line.startswith("git "):
            continue
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=work,
            env=environment,
            input="y\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if "huxin " in line:
            answers.append((line, done.stdout + done.stderr))
    return answers


@pytest.mark.size("all")
@pytest.mark.needs("bash", "python:typst", "python:noto_cjk_sans_otc")
@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("docs/tutorials/first-card.md", TUTORIAL),
        ("README.md", README),
        ("docs/how-to/hold-a-trust-ceremony.md", CEREMONY),
    ],
    ids=["tutorial", "readme", "ceremony"],
)
def test_a_reader_who_types_along_sees_what_the_page_says(
    tmp_path: Path, page: str, expected: tuple[tuple[str, str], ...]
) -> None:
    answers = walk(ROOT / page, tmp_path)
    assert len(answers) == len(expected)
    for (line, answer), (command, words) in zip(answers, expected, strict=True):
        assert f"huxin {command}" in line
        assert words in answer, f"{line}\n{answer}"
