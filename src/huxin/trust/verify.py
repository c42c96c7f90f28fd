"""The front door: `verify(cards, basis, *, purpose=None, now) → Verdict`.

Pure: the same cards, basis, purpose and instant give the same verdict everywhere.  A card
is checked in the order in which a person can act on the answer: can it be read, who
signed it, does the signature hold, is that key one for here, is it the time, may the key
sign this, can the content be right, was it withdrawn.

- the algorithm is a property of the key; a header that says otherwise is refused;
- every key that carries the card's kid is tried, so regions cannot collide;
- "no key" is not the person's fault: it is a cross-check, never a rejection;
- no cards, no keys, no rules: never accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from huxin.kernel.errors import Refusal
from huxin.kernel.letters import words
from huxin.trust.anchors import Anchor, TrustStore
from huxin.trust.credentials.credential import Credential
from huxin.trust.credentials.facts import Person
from huxin.trust.credentials.plausible import implausibility
from huxin.trust.reading import Reading
from huxin.trust.rules.book import Decision, RuleBook
from huxin.trust.status import Status
from huxin.trust.verdict import CardCheck, Outcome, Reason, Verdict

__all__ = ["REFUSE_AFTER", "Basis", "RuleBook", "verify"]

REFUSE_AFTER: Final = timedelta(days=30)

_TIME_CODES: Final = frozenset({"not-yet", "expired"})
_CROSS_CHECK: Final = frozenset({"untrusted", "clock", "person"})
_UNKNOWN: Final = frozenset({"no-rules", "rule-fault", "too-old", "no-card"})
_RANK: Final[dict[Outcome, int]] = {"rejected": 0, "unknown": 1, "cross-check": 2}
_OK: Final = (Reason("ok", "card"),)


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer rests on: whom to believe, what was withdrawn, what is asked."""

    trust: TrustStore
    status: Status | None = None
    rules: RuleBook | None = None


def verify(
    cards: Sequence[Reading], basis: Basis, *, purpose: str | None = None, now: datetime
) -> Verdict:
    """Judge the cards that one person shows together, as at `now` (an aware instant)."""
    if not cards:
        return Verdict("unknown", (Reason("no-card", "card"),), (), purpose)
    checks = tuple([_check(index, card, basis, now) for index, card in enumerate(cards)])
    reasons = [fault for check in checks for fault in check.faults]
    _about_all(checks, basis, now, reasons)
    decision = None
    if purpose is not None:
        # What a card says counts for a rule only if the card is to be believed.
        decision = None if reasons else _decision(checks, basis.rules, purpose, now)
        reasons.extend(_of_rules(decision, basis.rules, purpose))
    if not reasons:
        return Verdict("accepted", _OK, checks, purpose, decision)
    decided = _deciding(reasons)
    ordered = (decided, *(one for one in reasons if one is not decided))
    return Verdict(_outcome(decided.code), ordered, checks, purpose, decision)


def _outcome(code: str) -> Outcome:
    if code in _UNKNOWN:
        return "unknown"
    return "cross-check" if code in _CROSS_CHECK else "rejected"


def _deciding(reasons: list[Reason]) -> Reason:
    """Return the reason that decides: what is wrong with a card outweighs what cannot be known.

    Among equals the first in the order of checking.  A clock that is wrong makes every
    judgement about time worthless, so it speaks before "expired" and "not yet".
    """
    clock_wrong = any(one.code == "clock" for one in reasons)

    def rank(reason: Reason) -> int:
        if clock_wrong and reason.code in _TIME_CODES:
            return len(_RANK)
        return _RANK[_outcome(reason.code)]

    return min(reasons, key=rank)


def _check(index: int, reading: Reading, basis: Basis, now: datetime) -> CardCheck:
    steps = dict.fromkeys(reading.passed, True)
    credential = reading.credential
    if credential is None:
        steps[reading.failed or "prefix"] = False
        refusal = reading.refusal or Refusal("format")
        return CardCheck(
            reading, None, steps, (Reason(refusal.code, "card", index, refusal.detail),)
        )
    faults: list[Reason] = []
    anchor = _signer(credential, basis.trust, steps, faults)
    if anchor is not None:
        _standing(anchor, basis.trust, faults)
    _time(credential, anchor, now, steps, faults)
    if anchor is not None:
        _usage(credential, anchor, steps, faults)
    _plausible(credential, now, steps, faults)
    if anchor is not None:
        _revoked(credential, anchor, basis.status, steps, faults)
    placed = [Reason(one.code, one.layer, index, one.detail) for one in faults]
    return CardCheck(reading, anchor, steps, tuple(placed))


def _signer(
    credential: Credential, trust: TrustStore, steps: dict[str, bool], faults: list[Reason]
) -> Anchor | None:
    """Find the key that signed the card; the steps are `key` and `signature`."""
    kid, issuer = credential.kid, credential.issuer
    if kid is None:
        steps["key"] = False
        faults.append(Reason("kid", "card", detail="no key identifier"))
        return None
    candidates = trust.find(credential.domain, kid, issuer)
    steps["key"] = bool(candidates)
    if not candidates:
        faults.append(_no_key(credential, trust))
        return None
    algorithm = credential.algorithm
    fitting = [one for one in candidates if one.key.algorithm == algorithm]
    signed = [one for one in fitting if one.key.verify(credential.signature, credential.signed)]
    steps["signature"] = bool(signed)
    if not signed:
        faults.append(Reason("signature" if fitting else "alg", "card"))
        return None
    # One key may stand on the list twice, once withdrawn: the withdrawal counts.
    return signed[0] if len(signed) == 1 else max(signed, key=lambda one: one.standing != "active")


def _no_key(credential: Credential, trust: TrustStore) -> Reason:
    rival = credential.rival_kid
    if rival is not None and trust.find(credential.domain, rival, credential.issuer):
        return Reason("kid", "card", detail="the two headers name different keys")
    return Reason("untrusted", "trust")


def _standing(anchor: Anchor, trust: TrustStore, faults: list[Reason]) -> None:
    if anchor.environment != trust.environment:
        faults.append(Reason("environment", "trust", detail=anchor.environment))
    if anchor.standing != "active":
        faults.append(Reason("distrusted", "trust", detail=anchor.standing))


def _time(
    credential: Credential,
    anchor: Anchor | None,
    now: datetime,
    steps: dict[str, bool],
    faults: list[Reason],
) -> None:
    """Compare the card's and the key's own times with the clock."""
    # The second named as expiry is the last one of validity, as issuers and their test data
    # have it; RFC 8392 would end it one second earlier.
    before = len(faults)
    issued, not_before, expires = credential.issued, credential.not_before, credential.expires
    if (issued is not None and now < issued) or (not_before is not None and now < not_before):
        faults.append(Reason("not-yet", "card"))
    if expires is not None and now > expires:
        faults.append(Reason("expired", "card"))
    if anchor is not None:
        if anchor.valid_from is not None and now < anchor.valid_from:
            faults.append(Reason("not-yet", "trust", detail="the issuer's key"))
        if anchor.valid_until is not None and now > anchor.valid_until:
            faults.append(Reason("expired", "trust", detail="the issuer's key"))
    steps["time"] = len(faults) == before


def _usage(
    credential: Credential, anchor: Anchor, steps: dict[str, bool], faults: list[Reason]
) -> None:
    if credential.facts is None:
        return
    usage = anchor.usage
    kinds = [one.kind for one in credential.facts.events]
    steps["usage"] = usage is None or usage.issuperset(kinds)
    if not steps["usage"]:
        faults.append(Reason("usage", "trust"))
    elif anchor.issue_until is not None and _issued_after(credential, anchor.issue_until):
        steps["usage"] = False
        faults.append(Reason("usage", "trust", detail="issued after the key's last day"))


def _issued_after(credential: Credential, last: datetime) -> bool:
    # A health card says from when it counts, not when it was issued; a card that says neither is not accused.
    issued = credential.issued or credential.not_before
    return issued is not None and issued > last


def _plausible(
    credential: Credential, now: datetime, steps: dict[str, bool], faults: list[Reason]
) -> None:
    if credential.facts is None:
        fault = credential.fault or Refusal("implausible")
        steps["plausible"] = False
        faults.append(Reason(fault.code, "card", detail=fault.detail))
        return
    detail = implausibility(credential.facts, credential.format, now)
    steps["plausible"] = detail is None
    if detail is not None:
        faults.append(Reason("implausible", "card", detail=detail))


def _revoked(
    credential: Credential,
    anchor: Anchor,
    status: Status | None,
    steps: dict[str, bool],
    faults: list[Reason],
) -> None:
    steps["revoked"] = status is None or not status.revoked(credential, anchor)
    if not steps["revoked"]:
        faults.append(Reason("revoked", "status"))


def _decision(
    checks: tuple[CardCheck, ...], rules: RuleBook | None, purpose: str, now: datetime
) -> Decision | None:
    """Ask the rules about cards that are all to be believed."""
    if rules is None:
        return None
    credentials = [check.reading.credential for check in checks]
    return rules.decide(purpose, [one for one in credentials if one is not None], now=now)


_OF_RULES: Final = {"not-met": "rule", "fault": "rule-fault", "no-rules": "no-rules"}


def _of_rules(decision: Decision | None, rules: RuleBook | None, purpose: str) -> Iterator[Reason]:
    """Yield what the rules have against the cards, or that there is nobody to ask."""
    if decision is None:
        if rules is None or purpose not in rules.purposes():
            yield Reason("no-rules", "rules")
        return
    if decision.met:
        return
    deciding = decision.deciding
    detail = f"{deciding.rule.region}/{deciding.rule.id}" if deciding is not None else ""
    card = deciding.card if deciding is not None else None
    yield Reason(_OF_RULES[decision.answer], "rules", card, detail)


def _about_all(
    checks: tuple[CardCheck, ...],
    basis: Basis,
    now: datetime,
    reasons: list[Reason],
) -> None:
    """Add what concerns no single card: the verifier's clock and lists, and whether it is one person."""
    as_of = basis.trust.as_of
    if as_of is not None and now < as_of:
        reasons.append(Reason("clock", "clock"))
    if as_of is not None and now - as_of > REFUSE_AFTER:
        reasons.append(Reason("too-old", "trust"))
    if len(checks) > 1 and not _one_person(checks):
        reasons.append(Reason("person", "card"))


def _one_person(checks: tuple[CardCheck, ...]) -> bool:
    """Tell whether all cards agree in name (in one script or the other) and year of birth."""
    credentials = [check.reading.credential for check in checks]
    people = [one.facts.person for one in credentials if one is not None and one.facts is not None]
    return all(_agree(people[0], other) for other in people[1:])


def _agree(one: Person, other: Person) -> bool:
    if one.birth and other.birth and one.birth.year != other.birth.year:
        return False
    pairs = ((one.name.native, other.name.native), (one.name.latin, other.name.latin))
    return any(words(left) == words(right) for left, right in pairs if left and right)
