"""Rules in words: what a rule asks, what differs from the version before, what is against it, who moves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from huxin.kernel.errors import Refusal
from huxin.node.base.faces import Change
from huxin.node.base.words import current
from huxin.node.trust.queries.rule_desk import Judged
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust.rules.difference import Difference, differences
from huxin.trust.rules.explain import Language, in_language
from huxin.trust.rules.proposal import Proposal
from huxin.trust.rules.rule import Basis, Rule
from huxin.trust.rules.simulate import Effect

__all__ = ["ANSWERS", "against", "changes", "moves", "rule_row"]

ANSWERS: Final[Mapping[str, Words]] = {
    "met": Words("符合", "accepted"),
    "not-met": Words("还不符合", "not yet"),
    "no-rules": Words("没有问", "not asked"),
    "fault": Words("无法判断", "no answer"),
}
_FIELDS: Final[Mapping[str, Words]] = {
    "purpose": Words("用途", "Purpose"),
    "effect": Words("作用", "Effect"),
    "type": Words("种类", "Type"),
    "kinds": Words("看哪些证书", "Kinds of certificate"),
    "reads": Words("读什么", "Reads"),
    "valid_from": Words("施行", "In force from"),
    "valid_until": Words("结束", "Until"),
    "outbreak": Words("疫情", "Outbreak"),
    "standing": Words("地位", "Standing"),
    "basis": Words("依据", "Ground"),
    "description": Words("说明", "What it asks"),
    "next_step": Words("怎么办", "What to do"),
    "logic": Words("算式", "The rule itself"),
}
_VALUES: Final[Mapping[str, Words]] = {
    "informs": Words("只提示", "informs"),
    "admits": Words("进门前看", "looked at before going in"),
    "illustrative": Words("示范", "illustrative"),
    "adopted": Words("已采用", "adopted"),
}
_TOGETHER: Final = Words("几条合起来", "The rules together")


def rule_row(rule: Rule, published: datetime | None) -> dict[str, Any]:
    """Return what a page shows of one rule, in the page's language."""
    language: Language = "zh-Hans" if current() == "zh" else "en"
    basis = rule.basis
    return {
        "rule": rule,
        "description": in_language(rule.description, language),
        "next": in_language(rule.next_step, language),
        "basis": in_language(basis.instrument, language) if basis else "",
        "article": basis.article if basis else "",
        "published": published,
        "logic": json.dumps(rule.document.get("logic"), ensure_ascii=False, indent=1),
    }


def against(judged: Judged) -> list[dict[str, Any]]:
    """Return what is against a text: a sentence, its place, what to do, the code."""
    if judged.refusal is not None:
        return [_against(judged.refusal, judged.refusal.detail, None)]
    return [
        _against(Refusal(one.fault.code), f"{one.fault.place}: {one.fault.note}", one.rule)
        for one in judged.faults
    ]


def _against(refusal: Refusal, place: str, rule: str | None) -> dict[str, Any]:
    code = CODES[refusal.code]
    where = Words(rule, rule) if rule else (None if place.startswith("rule ") else _TOGETHER)
    return {
        "code": refusal.code,
        "text": Words(**code.text),
        "next": Words(**code.next),
        "where": where,
        "place": place,
    }


def changes(proposal: Proposal) -> list[Change]:
    """Return what a proposal would change, a line each, for an officer to read before agreeing."""
    found: list[Change] = []
    for rule in proposal.book.rules:
        before = proposal.replaced(rule)
        if before is None:
            name = f"{rule.id} {rule.version_text}"
            found.append(Change("add", Words(f"新规则 {name}", f"New rule {name}")))
            continue
        name = f"{rule.id} {before.version_text} → {rule.version_text}"
        found.append(Change("mod", Words(name, name)))
        found += [_change(rule.id, one) for one in differences(before, rule)]
    return found


def _change(rule: str, one: Difference) -> Change:
    words = _FIELDS[one.field]
    if one.field == "logic":
        return Change("mod", Words(f"{rule} · {words.zh}改了", f"{rule} · {words.en} differs"))
    before, after = _value(one.before), _value(one.after)
    return Change(
        "mod",
        Words(
            f"{rule} · {words.zh}：{before.zh} → {after.zh}",
            f"{rule} · {words.en}: {before.en} → {after.en}",
        ),
    )


def _value(found: Any) -> Words:
    if isinstance(found, datetime):
        text = found.astimezone(settings.HUXIN.time_zone).strftime("%Y-%m-%d %H:%M")
        return Words(text, text)
    if isinstance(found, Basis):
        ground = _value(found.instrument)
        return Words(f"{ground.zh} {found.article}", f"{ground.en} {found.article}")
    if isinstance(found, Mapping):
        return Words(in_language(found, "zh-Hans"), in_language(found, "en"))
    if isinstance(found, tuple):
        return Words("、".join(found), ", ".join(found))
    if found is None:
        return Words("无", "none")
    return _VALUES.get(str(found), Words(str(found), str(found)))


def moves(effect: Effect) -> list[dict[str, Any]]:
    """Return who moves from what to what, the largest group first."""
    rows = sorted(effect.moves.items(), key=lambda one: -one[1])
    return [
        {
            "before": ANSWERS[before],
            "after": ANSWERS[after],
            "moved": before != after,
            "people": f"{people:,}",
        }
        for (before, after), people in rows
    ]


def all_rows(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return what a page shows of several rules that are not published yet."""
    return [rule_row(rule, None) for rule in rules]
