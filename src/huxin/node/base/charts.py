"""Charts as SVG text, drawn on the server: numbers and words in, markup out.

Responsible for counts per day (one or two series, side by side) and the epidemic curve (expected,
upper bound, alarms, late reports).  Leaves words to its caller, who hands them over in the page's
language, and colours to the style sheet.

- pure: the same chart gives the same text; nothing is fetched, read or remembered;
- each chart is drawn twice, 340 and 760 wide, and the place it stands in shows one; the size of
  its type is an argument, so that letters are as large as elsewhere on the page, also in elder mode;
- title, description and a table say in words what the picture shows;
- classes only, no inline style; every word is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

__all__ = ["NARROW", "WIDE", "Chart", "Curve", "DailyCounts", "Series", "draw", "figure", "table"]

NARROW: Final = 340
WIDE: Final = 760
_TICKS: Final = 5
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers with its name."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Counts for each label (a day, a week): one series, or two side by side.

    `id` is unique on the page; `unit` heads the first column of the table.
    """

    id: str
    title: str
    description: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= 2:
            raise ValueError("one series or two")
        _same_length(self.labels, self.series)


@dataclass(frozen=True, slots=True)
class Curve:
    """An epidemic curve.  A count above `upper` is an alarm; `late` is still to be reported.

    `expected`, `upper` and the three rows about late reports may be left out, each wholly.
    """

    id: str
    title: str
    description: str
    labels: tuple[str, ...]
    counts: Series
    expected: Series | None = None
    upper: Series | None = None
    late: Series | None = None
    late_low: Series | None = None
    late_high: Series | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if (self.late_low is None) != (self.late_high is None):
            raise ValueError("a range has two ends")
        _same_length(self.labels, _rows(self))


Chart = DailyCounts | Curve


def _same_length(labels: tuple[str, ...], rows: Sequence[Series]) -> None:
    for row in rows:
        if len(row.values) != len(labels):
            raise ValueError(f"{row.name}: {len(row.values)} values for {len(labels)} labels")
        if any(not math.isfinite(value) or value < 0 for value in row.values):
            raise ValueError(f"{row.name}: a count is a number, zero or more")


def _rows(chart: Chart) -> tuple[Series, ...]:
    if isinstance(chart, DailyCounts):
        return chart.series
    every = (chart.counts, chart.expected, chart.upper, chart.late, chart.late_low, chart.late_high)
    return tuple(row for row in every if row is not None)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def ceiling(highest: float) -> tuple[int, int]:
    """Return the top of the scale and its step: whole numbers that people count in."""
    wanted = max(highest, 1) / _TICKS
    power = 10 ** max(math.floor(math.log10(wanted)), 0) if wanted >= 1 else 1
    step = next((s * power for s in _STEPS if s * power >= wanted), 10 * power)
    return step * math.ceil(max(highest, 1) / step), step


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where numbers fall in the drawing."""

    width: int
    type_size: int
    columns: int
    top: int
    step: int

    @property
    def left(self) -> float:
        return self.type_size * (len(str(self.top)) * 0.62 + 0.6)

    @property
    def head(self) -> float:
        return self.type_size * 1.4

    @property
    def base(self) -> float:
        return self.head + (200 if self.width == WIDE else 180)

    @property
    def height(self) -> float:
        return self.base + self.type_size * 1.7

    @property
    def column(self) -> float:
        return (self.width - self.left - 4) / max(self.columns, 1)

    def x(self, index: float) -> float:
        return self.left + self.column * index

    def y(self, value: float) -> float:
        return self.base - (self.base - self.head) * value / self.top


def _text(x: float, y: float, size: int, words: str, kind: str = "") -> str:
    name = f"c-text {kind}".strip()
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" class="{name}">{escape(words)}</text>'


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0):.1f}"'
    return f'<rect {shape} rx="1" class="{kind}"/>'


def _path(points: Sequence[tuple[float, float]], kind: str, *, close: str = "") -> str:
    line = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{line}{close}" class="{kind}"/>' if points else ""


def _ground(frame: _Frame, labels: tuple[str, ...]) -> list[str]:
    """Draw the scale, and as many labels as fit without touching; the last one always."""
    parts = []
    for value in range(0, frame.top + 1, frame.step):
        y = frame.y(value)
        kind = "c-grid" if value else "c-axis"
        parts.append(f'<path d="M{frame.left:.1f} {y:.1f}H{frame.width}" class="{kind}"/>')
        edge, middle = frame.left - frame.type_size * 0.4, y + frame.type_size * 0.35
        parts.append(_text(edge, middle, frame.type_size, str(value), "c-text--end"))
    longest = max((_breadth(label) for label in labels), default=1) * frame.type_size
    every = max(math.ceil((longest + frame.type_size) / frame.column), 1)
    for index in range((len(labels) - 1) % every, len(labels), every):
        # A label keeps inside the drawing, though its column stands at the edge.
        half = _breadth(labels[index]) * frame.type_size / 2
        x = min(max(frame.x(index + 0.5), half), frame.width - half)
        y = frame.base + frame.type_size * 1.35
        parts.append(_text(x, y, frame.type_size, labels[index], "c-text--mid"))
    return parts


def _breadth(words: str) -> float:
    """Estimate how wide a word is, in units of its type size."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in words)


def _daily(chart: DailyCounts, frame: _Frame) -> list[str]:
    share = 0.8 / len(chart.series)
    width = max(frame.column * share - (1 if len(chart.series) == 2 else 0), 1)
    parts = []
    for number, row in enumerate(chart.series):
        kind = "c-bar c-bar--2" if number else "c-bar"
        for index, value in enumerate(row.values):
            y = frame.y(value)
            x = frame.x(index + 0.1 + share * number)
            parts.append(_bar(x, y, width, frame.base - y, kind))
    return parts


def _curve(chart: Curve, frame: _Frame) -> list[str]:
    middle = [frame.x(index + 0.5) for index in range(len(chart.labels))]
    upper = chart.upper.values if chart.upper else ()
    parts = []
    if upper:
        line = list(zip(middle, map(frame.y, upper), strict=True))
        floor = f" L{middle[-1]:.1f} {frame.base:.1f} L{middle[0]:.1f} {frame.base:.1f}z"
        parts.append(_path(line, "c-band", close=floor))
    for index, value in enumerate(chart.counts.values):
        parts += _counted(chart, frame, index, value)
    if chart.expected:
        line = list(zip(middle, map(frame.y, chart.expected.values), strict=True))
        parts.append(_path(line, "c-expected"))
    if upper:
        parts.append(_path(list(zip(middle, map(frame.y, upper), strict=True)), "c-upper"))
    return parts


def _counted(chart: Curve, frame: _Frame, index: int, value: float) -> list[str]:
    x, width, y = frame.x(index + 0.1), max(frame.column * 0.8, 1), frame.y(value)
    alarm = chart.upper is not None and value > chart.upper.values[index]
    parts = [_bar(x, y, width, frame.base - y, "c-bar c-alarm" if alarm else "c-bar")]
    highest = value
    late = chart.late.values[index] if chart.late else 0
    if late:
        highest = value + late
        parts.append(_hatched(x, frame.y(highest), width, y - frame.y(highest)))
    if late and chart.late_low and chart.late_high:
        low, high = chart.late_low.values[index], chart.late_high.values[index]
        line = f"M{x + width / 2:.1f} {frame.y(low):.1f}V{frame.y(high):.1f}"
        parts.append(f'<path d="{line}" class="c-range"/>')
        highest = max(highest, high)
    if alarm:
        parts.append(_mark(x + width / 2, frame.y(highest) - 3, frame.type_size))
    return parts


def _hatched(x: float, y: float, width: float, height: float) -> str:
    """Draw what is estimated: an open bar, crossed by lines, so that it differs without colour."""
    parts = [_bar(x, y, width, height, "c-late")]
    at = y + min(width, height)
    while at <= y + height:
        parts.append(
            f'<path d="M{x:.1f} {at:.1f}L{x + width:.1f} {at - min(width, height):.1f}" class="c-hatch"/>'
        )
        at += 7
    return "".join(parts)


def _mark(x: float, y: float, size: int) -> str:
    half = size * 0.36
    return f'<path d="M{x:.1f} {y - half * 1.7:.1f}l{half:.1f} {half * 1.6:.1f}h-{2 * half:.1f}z" class="c-mark"/>'


def draw(chart: Chart, *, width: int, type_size: int) -> str:
    """Return one drawing; `type_size` is in the units of `width` (340 or 760)."""
    highest = max((value for row in _rows(chart) for value in row.values), default=0)
    if isinstance(chart, Curve) and chart.late:
        stacked = zip(chart.counts.values, chart.late.values, strict=True)
        highest = max([highest, *(count + late for count, late in stacked)])
    top, step = ceiling(highest)
    frame = _Frame(width, type_size, len(chart.labels), top, step)
    body = _daily(chart, frame) if isinstance(chart, DailyCounts) else _curve(chart, frame)
    size = "wide" if width == WIDE else "narrow"
    name = f"{chart.id}-{size}"
    return (
        f'<svg class="svg chart__{size}" viewBox="0 0 {width} {frame.height:.0f}" role="img"'
        f' aria-labelledby="{escape(name)}-t" aria-describedby="{escape(name)}-d">'
        f'<title id="{escape(name)}-t">{escape(chart.title)}</title>'
        f'<desc id="{escape(name)}-d">{escape(chart.description)}</desc>'
        f"{''.join(_ground(frame, chart.labels))}{''.join(body)}</svg>"
    )


def table(chart: Chart) -> str:
    """Return the same numbers as a table."""
    rows = _rows(chart)
    heads = "".join(f'<th scope="col" class="n">{escape(row.name)}</th>' for row in rows)
    lines = []
    for index, label in enumerate(chart.labels):
        cells = "".join(f'<td class="n">{_number(row.values[index])}</td>' for row in rows)
        lines.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return (
        f'<table class="tight"><caption class="visually-hidden">{escape(chart.title)}</caption>'
        f'<thead><tr><th scope="col">{escape(chart.unit)}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def figure(chart: Chart, *, type_size: int = 15) -> str:
    """Return both drawings; the style sheet shows the one that fits."""
    return "".join(draw(chart, width=width, type_size=type_size) for width in (NARROW, WIDE))
