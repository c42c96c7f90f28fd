"""Write docs/reference/packs.md: the packs' rules, and what they answer to the people of the tests.

Run it after a change of a pack or of `tests/lib/pack_rows.py`:  python -m tools.write_packs_page
Every answer on the page is computed by the rules, and refused where a row of the tests says otherwise;
`tests/house/test_packs.py` fails while the page on disk differs from `page()`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from huxin.packs import reader, shelf
from huxin.packs.form import Pack
from huxin.packs.reader import Words
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Event,
    Examination,
    Recovery,
    Test,
    Vaccination,
)
from huxin.trust.rules.book import Decision
from huxin.trust.rules.explain import Language, explain
from tests.lib.pack_people import DISEASES, WALL, Row, book, decide, on_wall
from tests.lib.pack_rows import ROWS

__all__ = ["PAGE", "page"]

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "packs.md"

_HEAD: Final = """\
# Packs and their rules 场景包和规则

Each pack that comes with Huxin, the rules that a region may adopt from it, and what these rules answer to invented people. All of it is
illustrative: it follows common practice and is the rule of no region. A nurse, a teacher or an inspector can check the tables by eye; please
tell us where a line is not what you would say. This page is written by `tools/write_packs_page.py` from the tests; do not edit it.

每个自带的场景包、可采用的规则，以及这些规则对虚构的人怎样回答。全是示范，不代表任何区域的规定。护士、老师、检查员可以逐行核对；哪一行不对，请告诉我们。
本页由测试生成，请勿手改。

- Hours are those of a clock on the wall in 灯湾 (UTC+8); the rules there run from 1 November 2026 for a year, those of the outbreak from 16
  November for three weeks. A day of a card begins and ends at midnight UTC, which is 08:00 there. 时间是灯湾墙上的钟（UTC+8）；卡上的日子按世界时起止，即当地 08:00。
- *Because* is the rule's own reckoning, said as a checker reads it. “因为”由规则算出，查验员看到的就是这句。
- An exemption is an ordinary clearance and counts the same. 豁免和许可一样算数。
- `informs`: nobody is turned away. `admits`: whoever does not meet it may be. [Make a pack](../how-to/make-a-pack.md) says how another one
  is made. `informs` 只告知，不拦人；`admits` 可以拦。
"""
_KINDS: Final = {
    "measles": Words("麻疹", "measles"),
    "polio": Words("脊灰", "polio"),
    "dtp": Words("百白破", "DTP"),
    "yellow fever": Words("黄热", "yellow fever"),
}
_DRILL: Final = Words("演练病", "the drill's disease")
_DISEASES: Final = {DISEASES[name]: words for name, words in _KINDS.items()}
_NOT_FOUND: Final = "260415000"
_NUCLEIC: Final = "LP6464-4"
_MANY: Final = 3
_NOTHING: Final = Words("没有卡", "nothing")


def page() -> str:
    """Return the whole page; refuses a row whose answer is not the one that the tests expect."""
    parts = [_HEAD]
    for name in shelf.SHIPPED:
        parts += [_about(reader.pack(name)), _rules(name), _people(name)]
    return "\n".join(parts)


def _about(pack: Pack) -> str:
    met, not_met = pack.outcome["met"], pack.outcome["not_met"]
    return (
        f"## `{pack.id}` {pack.name.zh}\n\n"
        f"{pack.name.en}: {pack.effect}. {pack.basis.en}\n{pack.basis.zh}\n\n"
        f"Its words: {met.zh} {met.en} · {not_met.zh} {not_met.en}\n"
    )


def _rules(name: str) -> str:
    rows = [
        f"| `{rule['id']}` | `{rule['purpose']}` | {rule['description']['zh-Hans']}<br>"
        f"{rule['description']['en']} | {rule['next_step']['zh-Hans']}<br>{rule['next_step']['en']} |"
        for rule in reader.templates(name).rules
    ]
    head = ["| Rule 规则 | Purpose 用途 | Asks 要什么 | Next step 下一步 |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _people(name: str) -> str:
    head = [
        "| Who 谁 | Shows 出示 | Asked 问 | Answer 答 | Because 因为 | Until, from 到、从 |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_person(name, row) for row in ROWS[name])]) + "\n"


def _person(name: str, row: Row) -> str:
    decision = decide(row, book(name))
    if (decision.answer, on_wall(decision.turns_at())) != (row.answer, row.turns):
        raise ValueError(f"{name}: {row.who} at {row.at} is not what the tests expect")
    who = f"{row.who}<br>{row.born}" if row.born else row.who
    answer = "✓ 符合 met" if decision.met else "✕ 不符合 not met"
    cells = (who, "<br>".join(_shown(row.shows)), f"`{row.purpose}`<br>{row.at}", answer)
    told = ("" if decision.met else _because(decision, row), _turn(decision))
    return "| " + " | ".join((*cells, *told)) + " |"


def _because(decision: Decision, row: Row) -> str:
    """The rule that decides, and its sentences in Chinese and English."""
    lines = (
        [f"`{row.rule}`"] if row.rule else ["没有要问的那种证书 No certificate of the kinds asked"]
    )
    for language in _LANGUAGES if row.rule else ():
        told, _ = explain(decision, language, zone=WALL)
        (first, *_) = [one for one in told if one.rule.endswith(f"/{row.rule}")]
        lines.append(" ".join(first.because))
    return "<br>".join(lines)


_LANGUAGES: Final[tuple[Language, ...]] = ("zh-Hans", "en")


def _turn(decision: Decision) -> str:
    told = [explain(decision, language, zone=WALL)[1] for language in _LANGUAGES]
    return "<br>".join(one for one in told if one)


# --------------------------------------------------------------------------------- what is shown


def _shown(events: Iterable[Event]) -> Iterator[str]:
    told = [_event(one) for one in events]
    for words, group in groupby(told, key=lambda pair: pair[0]):
        yield f"{words.zh} {words.en}: {_dates([date for _, date in group])}"
    if not told:
        yield f"{_NOTHING.zh} {_NOTHING.en}"


def _dates(dates: list[str]) -> str:
    if len(dates) == 2 and len(set(dates)) == 1:
        return f"{dates[0]}，在两张卡上 on two cards"
    if len(dates) < _MANY:
        return ", ".join(dates)
    return f"{len(dates)} 剂 doses, 末次 last {dates[-1]}"


def _event(event: Event) -> tuple[Words, str]:
    match event:
        case Vaccination():
            words = _disease(event.disease)
            dose = f" {event.dose}/{event.series}" if event.series else ""
            return Words(f"{words.zh}疫苗", f"{words.en} vaccine{dose}"), str(event.date)
        case Test():
            return _test(event)
        case Recovery():
            words = _disease(event.disease)
            return Words(f"得过{words.zh}", f"had {words.en}"), str(event.first_positive)
        case _:
            return _statement(event)


def _test(event: Test) -> tuple[Words, str]:
    assert event.result is not None
    assert event.method is not None
    negative, slow = event.result.code == _NOT_FOUND, event.method.code == _NUCLEIC
    found = Words("阴性", "negative") if negative else Words("阳性", "positive")
    kind = Words("核酸", "nucleic acid") if slow else Words("抗原", "antigen")
    told = Words(f"{kind.zh}检测{found.zh}", f"{kind.en} test, {found.en}")
    return told, on_wall(event.sampled)


def _statement(event: Examination | Clearance) -> tuple[Words, str]:
    kind = Words("体检", "check-up")
    if isinstance(event, Clearance):
        kind = Words("豁免", "exempt") if event.exemption else Words("许可", "clearance")
    since = f"{event.valid_from} – " if event.valid_from else "到 to "
    return Words(kind.zh, f"{kind.en} `{event.purpose}`"), f"{since}{event.valid_until}"


def _disease(code: Code | None) -> Words:
    assert code is not None
    return _DISEASES.get(code.code, _DRILL)


def main() -> int:
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
