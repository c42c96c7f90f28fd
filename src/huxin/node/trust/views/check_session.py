"""What a checking page remembers between two people: where it stands, and counts.  Nobody's data.

Kept in the session of that browser: a day, a word of a closed list, and numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from huxin.node.base.actor import NodeRequest
from huxin.node.base.local_day import local_day
from huxin.node.trust.queries import rules
from huxin.packs.reader import Words

__all__ = [
    "PLACES", "Kind", "choose", "count", "counts", "counts_words", "place", "purpose", "purposes", "reset",
]  # fmt: skip

Kind = Literal["genuine", "ok", "check", "no", "unk", "no-code"]
_KINDS: Final[Mapping[str, Words]] = {
    "genuine": Words("真卡", "genuine"),
    "ok": Words("通过", "accepted"),
    "check": Words("再看", "one more"),
    "no": Words("不符合", "not accepted"),
    "unk": Words("无法判断", "cannot tell"),
    "no-code": Words("无码", "no code"),
}
_ALWAYS: Final = ("genuine", "check", "no", "unk")
# Kinds of places, not places: what a browser keeps must not say where somebody was.
PLACES: Final[Mapping[str, Words]] = {
    "gate": Words("门口", "Entrance"),
    "school": Words("学校、幼儿园", "School or kindergarten"),
    "work": Words("单位", "Workplace"),
    "event": Words("会场、活动", "Event"),
    "border": Words("口岸", "Border"),
    "desk": Words("窗口", "Desk"),
}
_GENUINE: Final = Words("只问：是不是真卡", "Only whether it is genuine")
_NAME: Final = "huxin_check"


def _state(request: NodeRequest) -> dict[str, Any]:
    state = request.session.get(_NAME)
    today = local_day(request.now).isoformat()
    if not isinstance(state, dict):
        state = {}
    if state.get("day") != today:
        state = {
            "day": today,
            "place": state.get("place", ""),
            "purpose": state.get("purpose", ""),
            "counts": {},
        }
    return state


def place(request: NodeRequest) -> Words | None:
    """Return the kind of place that was chosen."""
    return PLACES.get(_state(request)["place"])


def purposes(request: NodeRequest) -> dict[str, Words]:
    """Return what can be asked here today: whether a card is genuine, or a purpose of the rules."""
    return {"": _GENUINE} | rules.purposes(request.now)


def purpose(request: NodeRequest, offered: Mapping[str, Words] | None = None) -> str:
    """Return the purpose that was chosen, as long as it is `offered`; empty: only whether it is genuine."""
    chosen = str(_state(request).get("purpose", ""))
    if not chosen:
        return ""
    return chosen if chosen in (purposes(request) if offered is None else offered) else ""


def choose(request: NodeRequest, chosen: str, asked: str) -> None:
    """Remember the kind of place and the purpose; anything that is not of the lists is none."""
    request.session[_NAME] = _state(request) | {
        "place": chosen if chosen in PLACES else "",
        "purpose": asked if asked in purposes(request) else "",
    }


def counts(request: NodeRequest) -> dict[str, int]:
    """Return today's numbers of this browser."""
    return {kind: int(number) for kind, number in _state(request)["counts"].items()}


def count(request: NodeRequest, kind: Kind, *, instead_of: str = "") -> None:
    """Count one more; with another card of the same person their first answer is taken back."""
    state = _state(request)
    numbers: dict[str, int] = state["counts"]
    if numbers.get(instead_of, 0) > 0:
        numbers[instead_of] -= 1
    numbers[kind] = numbers.get(kind, 0) + 1
    request.session[_NAME] = state


def reset(request: NodeRequest) -> None:
    """Begin counting anew."""
    request.session[_NAME] = _state(request) | {"counts": {}}


def counts_words(request: NodeRequest) -> Words:
    """Return today's numbers as a line."""
    numbers = counts(request)
    told = [
        (words, numbers.get(kind, 0))
        for kind, words in _KINDS.items()
        if kind in _ALWAYS or numbers.get(kind)
    ]
    # A number stays with its word, and a dot with what it follows.
    space = "\N{NO-BREAK SPACE}"
    return Words(
        "今天：" + "　".join(f"{words.zh}{space}{number}" for words, number in told),
        "Today: " + f"{space}· ".join(f"{words.en}{space}{number}" for words, number in told),
    )
