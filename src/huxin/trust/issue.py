"""The other door: `issue(facts, signer, *, now, status=None) → Credential`.

Writes strictly: what would be refused as implausible at a gate is refused here, one
event a card, no text that a code of good size cannot hold.  Reaches for nothing: the
instant, the identifier inside the facts, the status index and the signer are given.

- `huxin` (claim -100) unless another format is asked for;
- a card ends when what it proves ends: on the last day, wherever on earth that day ends;
- times are cut to the minute, so that a card shows no more of a visit than it must.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, Protocol

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.kernel.jws import b64url
from huxin.trust.credentials import cose, hcert, smart_health_card
from huxin.trust.credentials.credential import Credential, StatusIndex
from huxin.trust.credentials.facts import Clearance, Facts
from huxin.trust.credentials.plausible import implausibility
from huxin.trust.last_day import end_of

__all__ = ["FORMATS", "MAX_JWS", "MAX_TEXT", "Format", "Signer", "issue", "minimal"]

Format = Literal["hcert-1", "hcert-6", "hcert-100", "shc"]
FORMATS: Final[tuple[Format, ...]] = ("hcert-1", "hcert-6", "hcert-100", "shc")

MAX_TEXT: Final = 600  # letters of an HCERT: a code that an old phone reads from a small card
MAX_JWS: Final = 1_195  # letters of a health card that fit into one code (its specification)

_DEFAULT_LIFETIME: Final = timedelta(days=365)


class Signer(Protocol):
    """Whoever can sign for a region: a key file today, a hardware module later."""

    @property
    def region(self) -> str:
        """The region that the cards speak for."""
        ...

    @property
    def environment(self) -> str:
        """`production` or `test`; cards signed by a test key are specimens."""
        ...

    @property
    def algorithm(self) -> str:
        """The algorithm of the key."""
        ...

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT."""
        ...

    @property
    def health_card_kid(self) -> str:
        """The key identifier for SMART Health Cards: the thumbprint of the JWK."""
        ...

    @property
    def health_card_issuer(self) -> str | None:
        """The https address under which the region publishes its health card keys."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature in the form that COSE and JOSE share."""
        ...


def issue(
    facts: Facts,
    signer: Signer,
    *,
    now: datetime,
    status: StatusIndex | None = None,
    format: Format = "hcert-100",
    expires: datetime | None = None,
) -> Credential:
    """Sign one card about `facts`, as at `now`.

    `expires` defaults to the end of the event's last day, or to a year from now.  Raises
    `RefusalError` with `implausible`, `bad-input`, `missing`, or `too-long`.
    """
    _check(facts, format, now)
    issued = now.astimezone(UTC).replace(second=0, microsecond=0)
    end = expires or _end(facts, issued)
    if end <= now:
        raise RefusalError("bad-input", "the card would be over before it begins")
    if format == "shc":
        return _health_card(facts, signer, issued, end)
    return _hcert(facts, signer, (issued, end), hcert.family_of(format), status)


def _check(facts: Facts, format_name: str, now: datetime) -> None:
    if len(facts.events) != 1:
        raise RefusalError("bad-input", "a card holds exactly one event")
    if facts.identifier is None and format_name in ("hcert-1", "hcert-100"):
        raise RefusalError("missing", "identifier")
    if (fault := implausibility(facts, format_name, now)) is not None:
        raise RefusalError("implausible", fault)


def _end(facts: Facts, issued: datetime) -> datetime:
    until = facts.events[0].valid_until
    if until is None or until.year > issued.year + 100:
        return issued + _DEFAULT_LIFETIME
    return end_of(until.latest())


def _hcert(
    facts: Facts,
    signer: Signer,
    times: tuple[datetime, datetime],
    family: hcert.Family,
    status: StatusIndex | None,
) -> Credential:
    issued, end = times
    claims = hcert.claims(
        facts,
        family,
        issuer=signer.region,
        times=(int(issued.timestamp()), int(end.timestamp())),
        status=status,
    )
    protected = cose.protect(signer.algorithm, signer.kid)
    payload = hcert.payload(claims)
    signed = cose.signed_bytes(protected, payload)
    signature = signer.sign(signed)
    text = hcert.seal(protected, payload, signature)
    if len(text) > MAX_TEXT:
        raise RefusalError("too-long", f"{len(text)} letters, {MAX_TEXT} allowed")
    return Credential(
        format=family.format,
        domain=family.domain,
        text=text,
        kid=signer.kid,
        algorithm=signer.algorithm,
        signed=signed,
        signature=signature,
        issuer=signer.region,
        issued=issued,
        not_before=None,
        expires=end,
        claims=claims,
        facts=facts,
        status=status,
    )


def _health_card(facts: Facts, signer: Signer, start: datetime, end: datetime) -> Credential:
    if signer.health_card_issuer is None:
        raise RefusalError("missing", "the region's https address for health cards")
    if signer.algorithm != "ES256":
        raise RefusalError("bad-input", "health cards are signed with ES256")
    claims = smart_health_card.claims(
        facts,
        issuer=signer.health_card_issuer,
        times=(int(start.timestamp()), int(end.timestamp())),
        rid=facts.identifier,
    )
    header = smart_health_card.header(signer.health_card_kid)
    signed = f"{header}.{smart_health_card.payload(claims)}".encode("ascii")
    signature = signer.sign(signed)
    compact = f"{signed.decode('ascii')}.{b64url(signature)}"
    if len(compact) > MAX_JWS:
        raise RefusalError("too-long", f"{len(compact)} letters, {MAX_JWS} allowed")
    return Credential(
        format="shc",
        domain="shc",
        text=smart_health_card.PREFIX + smart_health_card.digits(compact),
        kid=signer.health_card_kid.encode("ascii"),
        algorithm=signer.algorithm,
        signed=signed,
        signature=signature,
        issuer=signer.health_card_issuer,
        issued=None,
        not_before=start,
        expires=end,
        claims=claims,
        facts=facts,
        rid=facts.identifier,
    )


def minimal(
    facts: Facts, *, purpose: str, identifier: str, until: PartialDate | None = None
) -> Facts:
    """Return the facts of the minimal card: name, year of birth, purpose, until.  Nothing else.

    `until` is needed where the event itself has no last day.
    """
    (event,) = facts.events
    person = facts.person
    birth = replace(person.birth, month=None, day=None) if person.birth else None
    return Facts(
        person=replace(
            person, birth=birth, sex=None, nationality=None, document=None, guardian=None
        ),
        events=(Clearance(purpose=purpose, valid_until=until or event.valid_until),),
        identifier=identifier,
        issuer=facts.issuer,
        pack=facts.pack,
    )
