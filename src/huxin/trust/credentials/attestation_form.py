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


_Rule = re.Pattern[str] | type[int] | bool
"""A pattern for a text, `int` for a dose number, `True` for a flag that only says yes."""


def _text(longest: int, shortest: int = 1) -> str:
    return rf"[\s\S]{{{shortest},{longest}}}"


def _form(**rules: str | type[int] | bool) -> dict[str, _Rule]:
    return {key: re.compile(one) if isinstance(one, str) else one for key, one in rules.items()}


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
_SPAN: Final[dict[str, str]] = {"c": _text(60), "f": _DATE, "u": _DATE}
_EVENTS: Final = {
    "vaccination": _form(
        a=_CODE, b=_text(30), d=_CODE, m=_CODE, n=int, o=_CODE, t=int, w=_PARTIAL, **_SPAN
    ),
    "test": _form(d=_CODE, r=_CODE, w=rf"{_DATE}T[0-9]{{2}}:[0-9]{{2}}Z", y=_CODE, **_SPAN),
    "recovery": _form(d=_CODE, w=_PARTIAL, **_SPAN),
    "examination": _form(w=_PARTIAL, x=_PURPOSE, **_SPAN),
    "clearance": _form(x=_PURPOSE, z=True, **_SPAN),
}
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
    texts = {key: value for key, value in card.items() if key not in ("e", "v")}
    _check_all(texts, _CARD)
    _check_all(event, _EVENTS[kind])
    if "i" not in card or not ("n" in card or "l" in card):
        raise RefusalError("missing", "identifier or name")
    for key in _NEEDED[kind]:
        if key not in event:
            raise RefusalError("missing", f"{kind}: {key}")


def _check_all(entries: dict[str, Any], form: dict[str, _Rule]) -> None:
    for key, value in entries.items():
        rule = form.get(key)
        if isinstance(rule, re.Pattern):
            fits = isinstance(value, str) and rule.fullmatch(value) is not None
        elif rule is int:
            fits = type(value) is int and 1 <= value <= _MAX_DOSE
        else:
            fits = value is True and rule is True
        if not fits:
            raise RefusalError("bad-input", f"{key}: not of the form that a card allows")
