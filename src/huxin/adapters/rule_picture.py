"""The picture of a simulation: who gets another answer, by age, sex and cards held, as SVG text.

    picture(effect, "zh", width=NARROW)        for a page, which has the colours
    picture(effect, "en", alone=True)          for a file, in colours of its own, light, dark and in print

- pure: the same effect gives the same text; nothing is fetched, read or remembered;
- each bar says its number beside it, and the three ways to move differ in shade and in outline;
- a bar of full length is a share that the picture names, so that small changes are seen as what they are;
- title and description say all of it in words; every word is escaped; classes only, no inline style.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import compress
from typing import Final, Literal

from huxin.trust.rules.population import AGE_BANDS, age_band
from huxin.trust.rules.simulate import Effect, Move

__all__ = ["NARROW", "WIDE", "Language", "group_name", "picture"]

Language = Literal["zh", "en"]

NARROW: Final = 340
WIDE: Final = 760

_MOST_GROUPS: Final = 8
_SCALES: Final = (1, 2, 5, 10, 20, 50, 100)
_REFUSED: Final = ("not-met", "fault")
# How a move is drawn: a class of the style sheet, and what it is called.
_WAYS: Final = (("c-bar c-bar--2", "not-met-now"), ("c-bar", "met-now"), ("c-late", "other"))
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("谁的答案会变：{purpose}", "Who gets another answer: {purpose}"),
    "moved": ("{people} 人中有 {moved} 人答案会变。", "{moved} of {people} people get another answer."),
    "nobody": ("没有人的答案会变。", "Nobody gets another answer."),
    "few": (
        "变动最小的一组只有 {smallest} 人：须联盟会签。",
        "The smallest group that moves is {smallest} people: the federation has to sign.",
    ),
    "none-like": (
        "虚构的人里没有这样的人，可这样的人会因此失去什么：须联盟会签。",
        "Nobody who was invented is like those who lose by it: the federation has to sign.",
    ),
    "invented": ("人群是虚构的，里面没有真人。", "The population is invented: nobody in it is anybody."),
    "scale": ("满格是一组人的 {share} %。", "A full bar is {share} % of a group."),
    "not-met-now": ("改后不符合", "not met now"),
    "met-now": ("改后符合", "met now"),
    "other": ("别的变化", "other change"),
    "moves": ("从什么变成什么", "From what to what"),
    "age": ("按年龄", "By age"),
    "sex": ("按性别", "By sex"),
    "kinds": ("按持有的卡", "By cards held"),
    "rest": ("其余 {number} 组", "{number} other groups"),
    "group": ("{name}（{people} 人）", "{name} ({people})"),
    "row": ("{name}：{moved} 人，{share}。", "{name}: {moved}, {share}."),
    "of-age": ("{name} 岁", "{name} years"),
    "met": ("符合", "met"),
    "not-met": ("不符合", "not met"),
    "no-rules": ("没有规则", "no rules"),
    "fault": ("规则有错", "faulty rule"),
    "F": ("女", "female"),
    "M": ("男", "male"),
    "vaccination": ("接种", "vaccination"),
    "test": ("检测", "test"),
    "recovery": ("康复", "recovery"),
    "examination": ("体检", "examination"),
    "clearance": ("许可", "clearance"),
    "certificate": ("欧盟证书", "EU certificate"),
    "nothing": ("没有卡", "no card"),
}  # fmt: skip
_STYLE: Final = (
    "svg{background:#fff;color-scheme:light dark;font-family:sans-serif}"
    ".c-text{fill:#465765}.c-label{fill:#13242f;font-weight:700}.c-text--end{text-anchor:end}"
    ".c-grid{fill:none;stroke:#c9d2d8}.c-bar{fill:#5fb0ca}.c-bar--2{fill:#12344f}"
    ".c-late{fill:#fff;stroke:#12607c;stroke-width:1.5;stroke-dasharray:3 2}"
    "@media screen and (prefers-color-scheme:dark){svg{background:#152735}"
    ".c-text{fill:#a9b9c4}.c-label{fill:#e9eff2}.c-grid{stroke:#2b4254}"
    ".c-bar{fill:#4f8ba0}.c-bar--2{fill:#bfe3ef}.c-late{fill:#152735;stroke:#8fd0e6}}"
    "@media print{.c-text,.c-label{fill:#000}.c-grid{stroke:#888}.c-bar{fill:#999}.c-bar--2{fill:#000}"
    ".c-late{fill:#fff;stroke:#000}}"
)
_WORD: Final = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+")


@dataclass(frozen=True, slots=True)
class _Row:
    """One group: how many people it is, and how many of them move in each of the three ways."""

    name: str
    people: int
    ways: tuple[int, int, int]

    @property
    def moved(self) -> int:
        return sum(self.ways)

    @property
    def share(self) -> float:
        return 100 * self.moved / self.people

    @property
    def number(self) -> str:
        return f"{self.moved:,} · {self.share:.1f} %"


def group_name(name: str, language: Language) -> str:
    """Return what a group of an effect is called: an age, a sex, or the cards that are held."""
    if name[0].isdecimal():
        return _say("of-age", language, name=name.replace("-", "–"))
    parts = [_say(one, language) for one in name.split("+")]
    return ("、" if language == "zh" else ", ").join(parts)


def picture(
    effect: Effect,
    language: Language,
    *,
    width: int = WIDE,
    type_size: int = 15,
    alone: bool = False,
) -> str:
    """Return the drawing of an effect; `type_size` is in the units of `width` (340 or 760).

    `alone` makes it a file that stands for itself, with colours of its own.
    """
    sections = _sections(effect, language)
    title = _say("title", language, purpose=effect.purpose)
    drawn = _Drawing(width, type_size)
    drawn.line(title, "c-label")
    for sentence in _sentences(effect, language):
        drawn.line(sentence)
    if effect.moved:
        _draw(drawn, sections, language)
    return _whole(drawn, title, _description(effect, sections, language), alone=alone)


def _say(word: str, language: Language, **blanks: object) -> str:
    return _WORDS[word][language == "en"].format(**blanks)


def _sentences(effect: Effect, language: Language) -> list[str]:
    told = [_say("nobody", language)]
    if effect.moved:
        numbers = {"moved": f"{effect.moved:,}", "people": f"{effect.people:,}"}
        told = [_say("moved", language, **numbers)]
    if effect.targets_few:
        name = "few" if effect.smallest else "none-like"
        told.append(_say(name, language, smallest=effect.smallest))
    return [*told, _say("invented", language)]


# ---------------------------------------------------------------------------------------- what is told


def _sections(effect: Effect, language: Language) -> dict[str, list[_Row]]:
    """Return the rows of each section, in the order in which they are drawn."""
    moves = [
        _Row(
            f"{_say(old, language)} → {_say(new, language)}",
            effect.people,
            _ways({(old, new): count}),
        )
        for (old, new), count in sorted(effect.moves.items(), key=lambda one: (-one[1], one[0]))
        if old != new and count
    ]
    ages = {age_band(first): number for number, first in enumerate(AGE_BANDS)}
    return {
        "moves": moves,
        "age": _groups(sorted(effect.by_age.items(), key=lambda one: ages[one[0]]), language),
        "sex": _groups(sorted(effect.by_sex.items()), language),
        "kinds": _largest(_groups(sorted(effect.by_kinds.items()), language), language),
    }


def _groups(groups: Iterable[tuple[str, Mapping[Move, int]]], language: Language) -> list[_Row]:
    return [
        _Row(group_name(name, language), sum(moves.values()), _ways(moves))
        for name, moves in groups
    ]


def _ways(moves: Mapping[Move, int]) -> tuple[int, int, int]:
    ways = [0, 0, 0]
    for (before, after), count in moves.items():
        if before != after:
            ways[_way(before, after)] += count
    return ways[0], ways[1], ways[2]


def _way(before: str, after: str) -> int:
    if after in _REFUSED and before not in _REFUSED:
        return 0
    return 1 if after == "met" and before in _REFUSED else 2


def _largest(rows: list[_Row], language: Language) -> list[_Row]:
    """Return the groups of which most people move, and all others as one."""
    order = sorted(rows, key=lambda one: (-one.moved, -one.people, one.name))
    shown, others = order[:_MOST_GROUPS], order[_MOST_GROUPS:]
    if not others:
        return shown
    ways = [sum(one.ways[way] for one in others) for way in range(3)]
    people = sum(one.people for one in others)
    name = _say("rest", language, number=len(others))
    return [*shown, _Row(name, people, (ways[0], ways[1], ways[2]))]


def _description(effect: Effect, sections: Mapping[str, list[_Row]], language: Language) -> str:
    told = _sentences(effect, language)
    if effect.moved:
        for name, rows in sections.items():
            told.append(_say(name, language) + ("：" if language == "zh" else ":"))
            for row in rows:
                numbers = {"moved": f"{row.moved:,}", "share": f"{row.share:.1f} %"}
                told.append(_say("row", language, name=row.name, **numbers))
    return ("" if language == "zh" else " ").join(told)


# ------------------------------------------------------------------------------------------ how it looks


class _Drawing:
    """A sheet that is written from the top to the bottom."""

    def __init__(self, width: int, size: int) -> None:
        self.width, self.size, self.y = width, size, 0.0
        self.parts: list[str] = []

    def text(self, x: float, words: str, kind: str = "") -> None:
        place = f'x="{x:.1f}" y="{self.y:.1f}" font-size="{self.size}"'
        name = f"c-text {kind}".strip()
        self.parts.append(f'<text {place} class="{name}">{escape(words)}</text>')

    def line(self, words: str, kind: str = "") -> None:
        """Write a sentence, in as many lines as it takes."""
        for part in _wrapped(words, self.width / self.size):
            self.y += self.size * 1.4
            self.text(0, part, kind)

    def box(self, x: float, width: float, kind: str) -> None:
        top, height = self.y - self.size * 0.8, self.size * 0.9
        place = f'x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self.parts.append(f'<rect {place} rx="1" class="{kind}"/>')

    def bar(self, row: _Row, scale: int) -> None:
        """Draw a bar with its number beside it, or below where letters are large; the outline is a full bar."""
        self.y += self.size * 1.3
        room = self.width - self.size * 9.5
        below = room < self.width / 3
        room = self.width if below else room
        self.box(0, room, "c-grid")
        at = 0.0
        for (kind, _), count in zip(_WAYS, row.ways, strict=True):
            length = room * 100 * count / row.people / scale
            if count:
                self.box(at, max(length, 1), kind)
            at += length
        self.y += self.size * 1.3 if below else 0
        self.text(self.width, row.number, "c-text--end")


def _wrapped(words: str, room: float) -> list[str]:
    """Break a sentence into lines; `room` is a line's length in units of the type size."""
    lines, used = [""], 0.0
    for word in _WORD.findall(words):
        breadth = sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in word.rstrip())
        if lines[-1] and used + breadth > room:
            lines.append("")
            used = 0.0
        lines[-1] += word
        used += breadth + 0.58 * (len(word) - len(word.rstrip()))
    return [line.rstrip() for line in lines]


def _draw(drawn: _Drawing, sections: Mapping[str, list[_Row]], language: Language) -> None:
    highest = max(row.share for rows in sections.values() for row in rows)
    # A share of 100 that was reckoned may come out a hair above it.
    scale = next((one for one in _SCALES if one >= highest), _SCALES[-1])
    drawn.y += drawn.size * 0.6
    used = [any(row.ways[way] for row in sections["moves"]) for way in range(len(_WAYS))]
    for kind, name in compress(_WAYS, used):
        drawn.y += drawn.size * 1.4
        drawn.box(0, drawn.size * 1.6, kind)
        drawn.text(drawn.size * 2.2, _say(name, language))
    drawn.line(_say("scale", language, share=scale))
    for name, rows in sections.items():
        drawn.y += drawn.size * 0.8
        drawn.line(_say(name, language), "c-label")
        for row in rows:
            told = _say("group", language, name=row.name, people=f"{row.people:,}")
            drawn.line(row.name if name == "moves" else told)
            drawn.bar(row, scale)


def _whole(drawn: _Drawing, title: str, description: str, *, alone: bool) -> str:
    size = "wide" if drawn.width == WIDE else "narrow"
    # Several pictures stand on one page, and a name with a space in it is two names.
    mark = hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:12]
    name = f"effect-{mark}-{size}"
    height = drawn.y + drawn.size * 0.8
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    edge = drawn.size if alone else 0  # a page has its own
    box = f"{-edge} 0 {drawn.width + 2 * edge} {height + edge:.0f}"
    return (
        f'<svg{space} class="svg chart__{size}" viewBox="{box}" role="img"'
        f' aria-labelledby="{name}-t" aria-describedby="{name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{f'<style>{_STYLE}</style>' if alone else ''}{''.join(drawn.parts)}</svg>"
        f"{chr(10) if alone else ''}"
    )
