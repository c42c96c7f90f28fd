"""The second implementation at its doors: the same lines as ours, answered by JavaScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from typing import Any, Final

from click.testing import CliRunner

from huxin.cli.main import main
from tests.lib.documents import ROOT

__all__ = ["answers", "answers_of_ours", "differences", "differences_in", "json_lines"]

_DOOR = ROOT / "verifier" / "bin" / "jsonl.mjs"
# The same doors where WebCrypto has no Ed25519.
_OLDER: Final = ROOT / "tests" / "lib" / "jsonl_without_ed25519.mjs"
_OURS: Final = {
    "verify": ("verify", "--jsonl", "-"),
    "eval": ("rules", "eval", "--jsonl", "-"),
    "check": ("rules", "check", "--jsonl", "-"),
}


def differences(cases: Iterable[Mapping[str, Any]], door: str = "verify") -> list[str]:
    """Answer each case by both, and return what they do not agree on, in any field of an answer."""
    return differences_in([json.dumps(case).encode() for case in cases], door)


def differences_in(lines: list[bytes], door: str = "verify") -> list[str]:
    """As `differences`, of lines that may be anything."""
    ours, theirs = answers_of_ours(door, lines), answers(door, lines)
    found = []
    for line, our, their in zip(lines, ours, theirs, strict=True):
        if our != their:
            names = our.keys() | their.keys()
            differing = {one: (our.get(one), their.get(one)) for one in names if our.get(one) != their.get(one)}  # fmt: skip
            found.append(f"{line.decode('utf-8', 'replace')[:2_000]}: {differing}")
    return found


def answers(door: str, lines: list[bytes], *, older: bool = False) -> list[dict[str, Any]]:
    """Return what the second implementation answers at one of its doors; `older` where WebCrypto lacks Ed25519."""
    return json_lines(["node", str(_OLDER if older else _DOOR), door], lines)


def json_lines(command: list[str], lines: list[bytes]) -> list[dict[str, Any]]:
    """Return what a program writes to lines, a line each."""
    done = subprocess.run(command, input=b"\n".join([*lines, b""]), capture_output=True, check=True)
    assert done.stderr == b"", done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def answers_of_ours(door: str, lines: list[bytes]) -> list[dict[str, Any]]:
    """Return what we answer to the same lines."""
    done = CliRunner().invoke(main, _OURS[door], input=b"\n".join([*lines, b""]))
    assert done.exit_code == 0, done.output
    assert done.stderr == "", done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
