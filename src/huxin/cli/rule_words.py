"""What rules said, and what is said against them: as plain data for programs, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huxin.cli import speech
from huxin.kernel.errors import Refusal
from huxin.trust.rules.because import Finding
from huxin.trust.rules.lint import RuleFault
from huxin.trust.rules.wallet import Result

__all__ = ["because", "faults", "finding_data", "show_faults"]


def because(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return every rule that did not hold, with the comparisons that decided, or its fault."""
    return [_result(result) for result in results if not result.holds]


def _result(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rule": result.rule.id,
        "region": result.rule.region,
        "version": result.rule.version_text,
        "card": result.card,
    }
    if result.fault is not None:
        return told | {"code": result.fault.code, "detail": result.fault.detail}
    return told | {"findings": [finding_data(one) for one in result.findings]}


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return one comparison: its place in the rule, its operator, both sides, and how it came out."""
    return {
        "place": finding.place,
        "operator": finding.operator,
        "sides": [
            {"fields": list(side.fields), "value": side.value}
            | ({"amount": side.amount, "unit": side.unit} if side.unit else {})
            for side in finding.sides
        ],
        "holds": finding.holds,
        "wanted": finding.wanted,
    }


def faults(found: Iterable[RuleFault]) -> list[dict[str, Any]]:
    """Return what is against rules: which rule, where, the code, its words, and what to do."""
    words = speech.current()
    return [
        {
            "rule": one.rule,
            "place": one.fault.place,
            "note": one.fault.note,
            **words.refusal(Refusal(one.fault.code, one.fault.note)),
        }
        for one in found
    ]


def show_faults(told: list[dict[str, Any]], number: int) -> None:
    """Write what `faults` returned about a number of rules."""
    words, console = speech.current(), speech.console()
    if not told:
        console.print(f"✓ {words.say('rules-in-order', number=number)}")
        return
    for one in told:
        where = speech.harmless(f"{one['rule'] or words.say('rules-together')} {one['place']}")
        console.print(f"✕ {one['text']}  [{one['code']}]", style="bold")
        console.print(f"  {where}: {speech.harmless(one['note'])}")
        console.print(f"  → {one['next']}")
