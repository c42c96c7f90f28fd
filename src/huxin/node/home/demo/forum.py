"""The forum's rule in 灯湾, and two drafts for a visitor: one that nobody may publish, one that is honest.

LB-7 asks for a dose against measles that is ten days old.  The honest draft asks for a second dose; the other
reads a name, turns away whoever bears it, lets in whoever shows nothing, and has no end in sight.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from huxin.kernel.instants import rfc3339
from huxin.node.trust.actions import rule_desk, rule_simulation
from huxin.node.trust.actions.rules import Source, publish
from huxin.node.trust.queries.rule_desk import read

if TYPE_CHECKING:
    from huxin.node.home.demo.seed import Seed

__all__ = ["fill"]

_YEAR: Final = timedelta(days=365)
_GROUND: Final = {
    "instrument": {
        "zh-Hans": "示范：水镇论坛防疫办法", "zh-Hant": "示範：水鎮論壇防疫辦法",
        "en": "Illustrative: health measures of the water-town forum",
    },
    "article": "7",
}  # fmt: skip
_CALL: Final = {
    "zh-Hans": "请到接种门诊补种，或到日子再来。", "zh-Hant": "請到接種門診補種，或到日子再來。",
    "en": "Please have the dose at a vaccination clinic, or come again from that day on.",
}  # fmt: skip
_ONE_DOSE: Final = {
    "zh-Hans": "含麻疹疫苗种过 1 剂，满 10 天。", "zh-Hant": "含麻疹疫苗接種過 1 劑，滿 10 天。",
    "en": "One dose against measles, ten or more days ago.",
}  # fmt: skip
_TWO_DOSES: Final = {
    "zh-Hans": "含麻疹疫苗种过 2 剂，第 1 剂满 10 天。", "zh-Hant": "含麻疹疫苗接種過 2 劑，第 1 劑滿 10 天。",
    "en": "Two doses against measles, the first ten or more days ago.",
}  # fmt: skip
_TODAY: Final = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}


def fill(seed: Seed) -> None:
    """Publish LB-7 three weeks ago, and leave two drafts on the desk of 灯湾."""
    if seed.region != "QV":
        return
    author, other = seed.actor("rules"), seed.actor("rules-2")
    at = seed.ago(21)
    rule = _rule("1.0.0", at, _ONE_DOSE, _doses(1))
    origin = Source(author.staff().user)
    publish(read(json.dumps(rule), at), origin, by=other, now=at)
    honest = _rule("1.1.0", seed.now, _TWO_DOSES, _doses(2))
    draft = rule_desk.begin(_text(honest), pack="", request=uuid.uuid4(), by=author, now=seed.now)
    rule_simulation.start(draft.id, by=author, now=seed.now)
    bad = rule_desk.begin(
        _text(_against_somebody(seed.now)), pack="", request=uuid.uuid4(), by=author, now=seed.now
    )
    seed.things |= {"honest-draft": str(draft.id), "bad-draft": str(bad.id)}


def _rule(
    version: str, now: datetime, asks: dict[str, str], logic: dict[str, Any], **more: Any
) -> dict[str, Any]:
    first = (now + timedelta(days=4)).replace(microsecond=0)
    return {
        "format": "huxin-rule/1",
        "id": "LB-7",
        "region": "QV",
        "version": version,
        "type": "acceptance",
        "purpose": "event/forum",
        "kinds": ["vaccination"],
        "reads": "facts",
        "effect": "admits",
        "basis": {**_GROUND, "read": now.date().isoformat()},
        "standing": "illustrative",
        "description": asks,
        "next_step": _CALL,
        "fields": ["vaccination.date", "vaccination.disease"],
        "valid_from": rfc3339(first),
        "valid_until": rfc3339(first + _YEAR),
        "logic": logic,
    } | more


def _doses(number: int) -> dict[str, Any]:
    """Return a rule's logic: so many doses against measles, the first of them ten or more days ago."""
    dose = {"and": [
        {"in": [{"var": "current.disease"}, ["icd-11:1F03", "who:1F03"]]}, {"var": "current.date"},
    ]}  # fmt: skip
    earlier = {"var": "accumulator"}
    settled = {"plusTime": [{"var": "current.date"}, 10, "day"]}
    first = {"if": [dose, {"if": [{"before": [settled, earlier]}, settled, earlier]}, earlier]}
    more = {"if": [dose, {"+": [earlier, 1]}, earlier]}
    given = {"var": "payload.vaccination"}
    return {"and": [
        {">=": [{"reduce": [given, more, 0]}, number]},
        {"not-before": [_TODAY, {"reduce": [given, first, {"plusTime": ["9999-12-31", 0, "day"]}]}]},
    ]}  # fmt: skip


def _against_somebody(now: datetime) -> dict[str, Any]:
    words = {
        "zh-Hans": "赵某不得入场。",
        "zh-Hant": "趙某不得入場。",
        "en": "A certain Zhao stays out.",
    }
    of_name = {"!": [{"===": [{"var": "payload.name"}, "赵某"]}]}
    last = (now + 5 * _YEAR).replace(microsecond=0)
    return _rule(
        "1.0.0", now, words, of_name, id="LB-8", fields=["name"], valid_until=rfc3339(last)
    )


def _text(rule: dict[str, Any]) -> str:
    """Write a rule a field a line, as the rule desk does."""
    lines = ",\n".join(
        f"   {json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}"
        for name, found in rule.items()
    )
    return f'{{\n "valueSets": {{}},\n "rules": [\n  {{\n{lines}\n  }}\n ]\n}}\n'
