"""The strict form of what Huxin writes under claim -100: the JSON Schema as quick checks.

`attestation.schema.json` is the law and a test holds the two together on generated
cards; this form exists because issuing a session's cards must not spend more time on
the schema than on the signatures.
"""

from __future__ import annotations

import re
from typing import Any, Final

from huxin.kernel.errors import RefusalError

__all__ = ["check"]

_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PARTIAL: Final = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_CODE: Final = r"[a-z0-9-]{1,16}:\S{1,40}"
_WORD: Final = r"[a-z0-9-]{1,32}"
_PURPOSE: Final = rf"{_WORD}(/{_WORD})?"


def _text(longest: int, shortest: int = 1) -> str:
    return rf"[\s\S]{{{shortest},{longest}}}"


def _form(**patterns: str) -> dict[str, re.Pattern[str]]:
    return {key: re.compile(pattern) for key, pattern in patterns.items()}


_CARD: Final = _form(
    b=_PARTIAL,
    d=_text(30),
    g=_text(80),
    i=_text(40, 8),
    k=_WORD,
    l=r"[A-Za-z][A-Za-z '.-]{0,79}",
    n=_text(80),
    o=_text(60),
    p=_WORD,
    s="[fmx]",
)
_SPAN: Final = {"c": _text(60), "f": _DATE, "u": _DATE}
_EVENTS: Final = {
    "vaccination": _form(
        a=_CODE, b=_text(30), d=_CODE, m=_CODE, o=_CODE, w=_PARTIAL, **_SPAN
    ),
    "test": _form(
        d=_CODE, r=_CODE, w=rf"{_DATE}T[0-9]{{2}}:[0-9]{{2}}Z", y=_CODE, **_SPAN
    ),
    "recovery": _form(d=_CODE, w=_PARTIAL, **_SPAN),
    "examination": _form(w=_PARTIAL, x=_PURPOSE, **_SPAN),
    "clearance": _form(x=_PURPOSE, **_SPAN),
}  # fmt: skip
_NEEDED: Final = {
    "vaccination": ("d", "w"),
    "test": ("d", "r", "w"),
    "recovery": ("d", "w"),
    "examination": ("u", "x"),
    "clearance": ("u", "x"),
}
_MAX_DOSE: Final = 20


def check(card: dict[str, Any]) -> None:
    """Refuse with `bad-input` or `missing` a card that the schema would not allow."""
    event, kind = card["e"], card["k"]
    _check_texts(card, _CARD)
    _check_texts(event, _EVENTS[kind])
    for key in _NEEDED[kind]:
        if key not in event:
            raise RefusalError("missing", f"{kind}: {key}")


def _check_texts(entries: dict[str, Any], form: dict[str, re.Pattern[str]]) -> None:
    for key, value in entries.items():
        if isinstance(value, str):
            pattern = form.get(key)
            if pattern is None or not pattern.fullmatch(value):
                raise RefusalError("bad-input", f"{key}: not of the form that a card allows")
        elif type(value) is int and key in "nt" and not 1 <= value <= _MAX_DOSE:
            raise RefusalError("bad-input", f"{key}: not a dose number from 1 to {_MAX_DOSE}")
