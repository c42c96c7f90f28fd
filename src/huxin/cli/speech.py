"""How the command line speaks: which language, and how text from strangers is shown.

- `--lang` decides, then `HUXIN_LANG`, then the language of the system;
- what stands on a card was written by a stranger.  Letters that steer a terminal, or turn the order
  of the text around them, are shown as a mark, never obeyed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

import click
from rich.console import Console

from huxin.cli.words import WORDS
from huxin.kernel.errors import Refusal
from huxin.spec import CODES

__all__ = [
    "LANGUAGES",
    "Language",
    "Speech",
    "choose",
    "console",
    "current",
    "harmless",
    "language_of",
    "print_json",
    "writes_traditional",
]

Language = Literal["zh", "en"]
LANGUAGES: Final = ("zh", "en")

_META: Final = "huxin.language"
_VARIABLES: Final = ("HUXIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
# C0 and C1 controls, marks that turn the writing direction, halves of characters.
_STEERING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Speech:
    """One language."""

    language: Language

    def say(self, key: str, **values: object) -> str:
        """Return the words under `key`, with values put in."""
        return WORDS[key][LANGUAGES.index(self.language)].format(**values)

    def sentence(self, code: str) -> str:
        """Return what a code of the register means."""
        return CODES[code].text[self.language]

    def next_step(self, code: str) -> str:
        """Return what to do about a code."""
        return CODES[code].next[self.language]

    def refusal(self, refusal: Refusal) -> dict[str, str]:
        """Return a refusal as plain data."""
        return {
            "code": refusal.code,
            "text": self.sentence(refusal.code),
            "next": self.next_step(refusal.code),
            "detail": refusal.detail,
        }

    def time(self, instant: datetime) -> str:
        """Return an instant as the clock on this wall shows it, with its distance from UTC."""
        try:
            local = instant.astimezone()
        except OverflowError:
            # The last day of the year 9999 means "without end", and is over here before that.
            local = instant
        zone = "UTC" if not local.utcoffset() else local.strftime("%z")
        return f"{local:%Y-%m-%d %H:%M} {zone}"


def language_of(environ: Mapping[str, str]) -> Language:
    """Return the language that the surroundings ask for."""
    for name in _VARIABLES:
        value = environ.get(name, "").lower()
        if value:
            return "zh" if value.startswith("zh") else "en"
    return "en"


def writes_traditional(environ: Mapping[str, str]) -> bool:
    """Tell whether the surroundings ask for Chinese in traditional letters, where rules have it."""
    value = next((environ[name] for name in _VARIABLES if environ.get(name)), "").lower()
    return bool(re.match(r"zh[-_](.*hant|tw|hk|mo)", value))


def choose(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Note the language of this call (the callback of `--lang`)."""
    if value is not None:
        context.meta[_META] = value


def current() -> Speech:
    """Return the language of this call."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_META) if context is not None else None
    return Speech(cast("Language", chosen) if chosen else language_of(os.environ))


def harmless(text: str) -> str:
    """Return a stranger's text with what would steer a terminal made visible."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def console(*, errors: bool = False) -> Console:
    """Return where to write: colours only on a terminal, and no reading of marks in text."""
    stream = sys.stderr if errors else sys.stdout
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """Write one JSON document to standard output; what steers a terminal is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    escaped = _STEERING.sub(
        lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text
    )
    click.echo(escaped)
