"""Conformance doors: cases in as lines of JSON, answers out as lines of JSON, one for one.

- one line in, one line out, in order; a line that is no case is answered too, and the next one is read;
- a line is bounded before it is looked at;
- a fault of ours is said on standard error, and costs no other line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from rich.progress import Progress

from huxin.cli import speech
from huxin.kernel.errors import RefusalError

__all__ = ["MAX_DEPTH", "MAX_LINE", "bounded", "identifier", "one_object", "run", "written"]

MAX_LINE: Final = 25_000_000
MAX_DEPTH: Final = 200
_INFINITE: Final = float("inf")  # what a number too large for JSON's readers becomes

Answer = Callable[[bytes, Path], dict[str, Any]]


def one_object(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line; refuses with `bad-input`."""
    try:
        case = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    # The parser gives up on a line nested thousands deep with the second of these.
    except (ValueError, RecursionError) as error:
        raise RefusalError("bad-input", "not JSON") from error
    if not isinstance(case, dict):
        raise RefusalError("bad-input", "not an object")
    return case


def _no_constant(name: str) -> object:
    raise ValueError(name)


def identifier(case: dict[str, Any]) -> str | int | float | None:
    """Return the id of a case; refuses what is neither a text nor a number."""
    found = case.get("id")
    if not isinstance(found, str | int | float | None) or found in (_INFINITE, -_INFINITE):
        raise RefusalError("bad-input", "id: not a text or a number")
    return found


def bounded(case: dict[str, Any]) -> None:
    """Refuse a case that is nested deeper than anything that follows should have to go."""
    level: list[Any] = [case]
    for _ in range(MAX_DEPTH):
        inner = (one for one in level if isinstance(one, dict | list))
        level = [each for one in inner for each in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return
    raise RefusalError("bad-input", "nested too deep")


def run(name: str, answer: Answer, unread: dict[str, Any], *, option: str = "--jsonl") -> None:
    """Answer every line of a file, or of standard input for `-`, on standard output.

    `answer` gets a line and the folder its file names are relative to; `unread` is the answer to a line
    that could not even be looked at.
    """
    with _opened(name, option) as stream:
        folder = Path() if name == "-" else Path(name).parent
        for line in _lines(stream):
            told = unread if line is None else _whatever_comes(answer, line, folder, unread)
            click.echo(written(told, unread))


def written(told: dict[str, Any], unread: dict[str, Any]) -> str:
    """Return an answer as a line; one that repeats what JSON cannot say is told as `unread`, with its id."""
    try:
        # Escapes only: a lone half of a character in a card must not stop the output.
        return json.dumps(told, ensure_ascii=True, allow_nan=False)
    # A number without end, and what is nested deeper than can be written.
    except (ValueError, RecursionError):
        return json.dumps(unread | {"id": told["id"]}, ensure_ascii=True, allow_nan=False)


def _whatever_comes(
    answer: Answer, line: bytes, folder: Path, unread: dict[str, Any]
) -> dict[str, Any]:
    try:
        return answer(line, folder)
    except Exception as error:  # noqa: BLE001  # the outermost loop: the next line must be read
        click.echo(f"! {type(error).__name__}: a fault of Huxin; please report it", err=True)
        return unread


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines; `None` for one that is too long to be looked at."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while not line.endswith(b"\n") and (line := stream.readline(MAX_LINE)):
            pass
        yield None


@contextmanager
def _opened(name: str, option: str) -> Iterator[BinaryIO]:
    """Open the cases, with a bar on a terminal that tells how far the file is read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.is_file():
        raise click.BadParameter(f"no such file: {name}", param_hint=option)
    console = speech.console(errors=True)
    if not console.is_terminal:
        with path.open("rb") as stream:
            yield stream
        return
    with (
        Progress(console=console, transient=True) as bar,
        bar.open(path, "rb", description="") as stream,
    ):
        yield stream
