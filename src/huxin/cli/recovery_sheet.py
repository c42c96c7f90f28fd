"""The recovery sheet as a page to print: about the key, its lines to type, its code to scan.

Both languages stand on it, since nobody knows who will open the safe.  Plain text prints anywhere;
HTML prints better.  What is on it is locked; the words say so.
"""

from __future__ import annotations

import html as markup
import json
from collections.abc import Iterator, Sequence
from typing import Final

from huxin.adapters.key_description import KeyDescription
from huxin.cli.speech import LANGUAGES, Speech
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import rfc3339
from huxin.trust import qr

__all__ = ["page"]

_BOTH: Final = tuple(Speech(language) for language in LANGUAGES)
_LEVEL: Final = "L"  # the code is large, and the paper is kept flat and dry
_BLOCKS: Final = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
_STYLE: Final = (
    "@page{size:A4;margin:18mm}body{font:11pt sans-serif}h1{font-size:20pt}"
    "pre{font:14pt monospace;line-height:1.5}svg{width:110mm}td{padding-right:8mm}"
)


def page(key: KeyDescription, lines: Sequence[str], export: bytes, *, html: bool) -> str:
    """Return the sheet; `export` is the locked key file that the code holds."""
    return _html(key, lines, export) if html else _text(key, lines, export)


def _title(key: KeyDescription) -> str:
    specimen = "SPECIMEN 样张 · " if key.environment == "test" else ""
    return f"{specimen}互信 Huxin · {_said('sheet-title', ' ')} · {key.region}"


def _said(word: str, between: str = "\n") -> str:
    return between.join(words.say(word) for words in _BOTH)


def _about(key: KeyDescription) -> Iterator[tuple[str, str]]:
    zh, en = _BOTH
    environment = "test-environment" if key.environment == "test" else "production"
    for word, value in (
        ("region", key.region),
        ("environment", f"{zh.say(environment)} {en.say(environment)}"),
        ("kid", kid_text(key.kid)),
        ("verifies-until", rfc3339(key.valid_until)),
    ):
        yield f"{zh.say(word)} {en.say(word)}", value


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number:2}  {line}" for number, line in enumerate(lines, start=1))


def _notes(key: KeyDescription) -> tuple[str, ...]:
    certificate = ("sheet-certificate",) if key.certificate is not None else ()
    return ("sheet-how", *certificate, "sheet-lost")


def _code(export: bytes) -> str:
    """Return what the code holds: the export without the white space."""
    return json.dumps(json.loads(export), ensure_ascii=False, separators=(",", ":"))


def _text(key: KeyDescription, lines: Sequence[str], export: bytes) -> str:
    parts = [
        _title(key),
        _said("sheet-about"),
        "\n".join(f"{label}: {value}" for label, value in _about(key)),
        _numbered(lines),
        *map(_said, _notes(key)),
    ]
    try:
        parts.append(_drawn(qr.modules(_code(export), level=_LEVEL)))
    except RefusalError:
        parts.append(_said("no-code"))
    return "\n\n".join(parts) + "\n"


def _drawn(grid: Sequence[Sequence[bool]]) -> str:
    """Draw a code with half blocks, two rows of it in a row of text."""
    light = [False] * len(grid)
    rows = [*grid, light]
    return "\n".join(
        "    " + "".join(_BLOCKS[pair] for pair in zip(rows[at], rows[at + 1], strict=True))
        for at in range(0, len(grid), 2)
    )


def _html(key: KeyDescription, lines: Sequence[str], export: bytes) -> str:
    title = markup.escape(_title(key))
    rows = "".join(
        f"<tr><td>{markup.escape(label)}</td><td><b>{markup.escape(value)}</b></td></tr>\n"
        for label, value in _about(key)
    )
    notes = "\n".join(f"<p>{_paragraph(note)}</p>" for note in _notes(key))
    try:
        code = qr.svg(_code(export), title="QR", level=_LEVEL)
    except RefusalError:
        code = f"<p>{_paragraph('no-code')}</p>"
    return (
        f'<!doctype html>\n<html lang="zh">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n<p>{_paragraph('sheet-about')}</p>\n"
        f"<table>\n{rows}</table>\n<pre>\n{_numbered(lines)}\n</pre>\n{notes}\n{code}\n</html>\n"
    )


def _paragraph(word: str) -> str:
    return markup.escape(_said(word)).replace("\n", "<br>")
