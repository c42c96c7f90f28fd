"""The tutorial and the README are walked as written, in a shell, in an empty folder."""

from __future__ import annotations

import os
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


def walk(page: Path, folder: Path) -> list[tuple[str, str]]:
    """Type every `huxin` command of a page; return each with what it answered."""
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
    answers = []
    for line in console_commands(page.read_text("utf-8")):
        if "huxin " not in line or line.startswith("git "):
            continue
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        answers.append((line, done.stdout + done.stderr))
    return answers


@pytest.mark.size("all")
@pytest.mark.needs("bash", "python:typst", "python:noto_cjk_sans_otc")
@pytest.mark.parametrize(
    ("page", "expected"),
    [("docs/tutorials/first-card.md", TUTORIAL), ("README.md", README)],
    ids=["tutorial", "readme"],
)
def test_a_reader_who_types_along_sees_what_the_page_says(
    tmp_path: Path, page: str, expected: tuple[tuple[str, str], ...]
) -> None:
    answers = walk(ROOT / page, tmp_path)
    assert len(answers) == len(expected)
    for (line, answer), (command, words) in zip(answers, expected, strict=True):
        assert f"huxin {command}" in line
        assert words in answer, f"{line}\n{answer}"
