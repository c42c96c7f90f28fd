"""What the checking page says of the rules: what was asked, why it is not met, what to do, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from huxin.node.trust.queries.rules import asked_words
from huxin.packs.reader import Words
from huxin.trust.rules.book import Decision
from huxin.trust.rules.explain import explain
from huxin.trust.verdict import Verdict

__all__ = ["RuleAnswer", "is_only_informed", "rule_answer"]

_NOTHING_OF_THE_KIND: Final = Words(
    "卡上没有这个用途要的证书", "No card shown is of the kind that this purpose asks for"
)


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """The words about a verdict that come from rules; all empty where none were asked."""

    asked: Words | None = None
    word: Words | None = None
    because: Words | None = None
    more: tuple[Words, ...] = ()
    then: Words | None = None


def rule_answer(verdict: Verdict) -> RuleAnswer:
    """Return what the rules have to say about a verdict."""
    if verdict.purpose is None:
        return RuleAnswer()
    asked = asked_words(verdict.purpose)
    decision = verdict.decision
    if decision is None or decision.answer not in ("met", "not-met"):
        return RuleAnswer(asked)
    return _answer(decision, asked, informs=_informs(decision))


def is_only_informed(verdict: Verdict) -> bool:
    """Tell whether rules are not met that turn nobody away: an answer, and no refusal."""
    decision = verdict.decision
    return verdict.code == "rule" and decision is not None and _informs(decision)


def _informs(decision: Decision) -> bool:
    rules = [result.rule for result in decision.results]
    return bool(rules) and all(rule.effect == "informs" for rule in rules)


def _word(*, informs: bool, turns: bool) -> Words | None:
    if informs:
        return Words("还差一项", "Something is due")
    return Words("还不到日子", "Not yet") if turns else None


def _name(decision: Decision) -> tuple[Words, ...]:
    """Return the number of the rule that decided, by which it is found among the published ones."""
    found = decision.deciding
    return () if found is None else (Words(f"规则 {found.rule.id}", f"rule {found.rule.id}"),)


def _answer(decision: Decision, asked: Words, *, informs: bool) -> RuleAnswer:
    zone = settings.HUXIN.time_zone
    (zh, zh_turn), (en, en_turn) = (
        explain(decision, language, zone=zone) for language in ("zh-Hans", "en")
    )
    turn = (Words(zh_turn.rstrip("。"), en_turn.rstrip(".")),) if zh_turn else ()
    if decision.met:
        word = Words("齐了", "Complete") if informs else None
        return RuleAnswer(asked, word, more=turn)
    if not zh:  # rules about EU certificates, and none was shown: there is no rule to name
        return RuleAnswer(asked, because=_NOTHING_OF_THE_KIND, more=turn)
    because = tuple(
        Words(one.rstrip("。"), other.rstrip("."))
        for one, other in zip(zh[0].because, en[0].because, strict=True)
    )
    return RuleAnswer(
        asked,
        _word(informs=informs, turns=bool(turn)),
        Words(zh[0].asks, en[0].asks),
        (*because, *turn, *_name(decision)),
        Words(zh[0].next_step, en[0].next_step) if zh[0].next_step else None,
    )
