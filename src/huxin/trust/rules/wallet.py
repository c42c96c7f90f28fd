"""The cards of one person as rules see them: made once for a decision, asked by every rule."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from huxin.kernel.errors import Refusal, RefusalError
from huxin.kernel.value import value
from huxin.trust.credentials.credential import Credential
from huxin.trust.rules import datetimes
from huxin.trust.rules.because import Finding, because
from huxin.trust.rules.change import CLOCK
from huxin.trust.rules.payload import dcc_payload, facts_payload
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.values import truth

__all__ = [
    "MILLISECOND",
    "Certificate",
    "Result",
    "Wallet",
    "at_millisecond",
    "certificate_of",
    "just_after",
    "milliseconds",
    "wallet_of",
]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)


def milliseconds(instant: datetime) -> int:
    """Return an aware instant as milliseconds since 1970, rounded down."""
    return (instant - _EPOCH) // MILLISECOND


def at_millisecond(count: int) -> datetime | None:
    """Return the instant of a count of milliseconds since 1970; `None` past the year 9999."""
    try:
        return _EPOCH + timedelta(milliseconds=count)
    except OverflowError:
        return None


def just_after(instant: datetime) -> datetime | None:
    """Return the first instant after the last of a validity; `None` past the year 9999."""
    try:
        return instant + MILLISECOND
    except OverflowError:
        return None


@value()
class Result:
    """What one rule said of the cards, or (`card`, from 0) of one of them.

    `findings` are the comparisons that decided; `fault` is why the rule could not be evaluated.
    """

    rule: Rule
    holds: bool
    findings: tuple[Finding, ...] = ()
    card: int | None = None
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """An EU certificate among the cards: which card (from 0), its kind of event, what rules read of it."""

    card: int
    kind: str
    payload: Mapping[str, Any]
    external: Mapping[str, Any] = field(default_factory=dict)

    def asked_by(self, rule: Rule) -> bool:
        """Tell whether a rule concerns this certificate: its kind, and who issued it where that matters."""
        return self.kind in rule.kinds and (
            not rule.of_issuer or self.external.get("issuerCountryCode") == rule.region
        )


@dataclass(frozen=True, slots=True)
class Wallet:
    """What rules can read of the cards that one person shows together; `arrival` is the region where they do."""

    facts: Mapping[str, Any]
    certificates: tuple[Certificate, ...]
    value_sets: Mapping[str, list[str]]
    arrival: str | None = None

    def data(self, certificate: Certificate | None, now: datetime) -> dict[str, Any]:
        """Return the data of an evaluation, about one certificate or about all cards."""
        clock = datetimes.as_text(milliseconds(now))
        external: dict[str, Any] = {CLOCK: clock, "valueSets": self.value_sets}
        if certificate is None:
            return {"payload": self.facts, "external": external}
        # Of a part of the country (`region`) nobody says where the cards are shown.
        external |= {"countryCode": self.arrival, "region": None, **certificate.external}
        return {"payload": certificate.payload, "external": external}

    def result(self, rule: Rule, certificate: Certificate | None, now: datetime) -> Result:
        """Return what a rule says, without the reasons."""
        card = None if certificate is None else certificate.card
        if rule.fault is not None:
            return Result(rule, holds=False, card=card, fault=rule.fault)
        try:
            holds = truth(rule.logic.value(scope_of(self.data(certificate, now))))
        except RefusalError as error:
            return Result(rule, holds=False, card=card, fault=error.refusal)
        if holds is None:
            fault = Refusal("logic-type", "the rule is neither true nor false")
            return Result(rule, holds=False, card=card, fault=fault)
        return Result(rule, holds, card=card)

    def explained(self, result: Result, now: datetime) -> Result:
        """Return a result with its reasons."""
        found = (one for one in self.certificates if one.card == result.card)
        data = self.data(next(found, None), now)
        _, steps = result.rule.logic.trace(scope_of(data))
        findings = because(result.rule.logic.expression, steps)
        return Result(result.rule, result.holds, findings, result.card)


def wallet_of(
    cards: Sequence[Credential], value_sets: Mapping[str, list[str]], arrival: str | None = None
) -> Wallet:
    """Return the wallet of cards that were read and are believed."""
    facts = facts_payload(card.facts for card in cards if card.facts is not None)
    found = (certificate_of(index, card) for index, card in enumerate(cards))
    return Wallet(facts, tuple([one for one in found if one is not None]), value_sets, arrival)


def certificate_of(index: int, card: Credential) -> Certificate | None:
    """Return the EU certificate inside a card, as rules read it; `None` where there is none."""
    payload = dcc_payload(card)
    if payload is None or card.facts is None:
        return None
    external = {
        "issuerCountryCode": card.facts.place,
        "exp": datetimes.as_text(milliseconds(card.expires)) if card.expires else None,
        "iat": datetimes.as_text(milliseconds(card.issued)) if card.issued else None,
        "kid": base64.b64encode(card.kid).decode("ascii") if card.kid else None,
    }
    return Certificate(index, card.facts.events[0].kind, payload, external)
