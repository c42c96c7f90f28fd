"""Signed status sets: a whole set, then deltas that only add, each continuing the one before.

A file is a COSE_Sign1 of a small statement, and behind it the body: a set in Rice code, the
whole one or what was added.  The statement is bound to region, list and size, carries a
version, and names the digest of the body, of the set that results, and of the set before.

- nobody can be un-revoked: a set that lacks a place that was withdrawn is refused;
- a version is accepted once, in order: old, forked and skipped ones are refused;
- whose key may sign for a region is told by the caller, never by the file;
- a statement that is not in force any more (`next_update` has passed) is refused when it
  comes; what to do with a held one that ages is the caller's freshness policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import from_epoch
from huxin.trust.anchors import Anchor
from huxin.trust.credentials import cose
from huxin.trust.status import Signer, rice
from huxin.trust.status.index_set import IndexSet

__all__ = ["MAX_BYTES", "Held", "ListName", "accept", "name_of", "publish", "reopen"]

_NAME: Final = "status-set"
_LENGTH_BYTES: Final = 2
_MAX_STATEMENT: Final = 4_096
_MAX_AHEAD: Final = timedelta(minutes=5)
MAX_BYTES: Final = rice.MAX_BYTES + _MAX_STATEMENT + _LENGTH_BYTES


@dataclass(frozen=True, slots=True)
class ListName:
    """Which list: the region that keeps it, and its address as it stands in cards."""

    region: str
    uri: str


@dataclass(frozen=True, slots=True)
class Held:
    """The newest set of a list that was accepted."""

    name: ListName
    version: int
    found: IndexSet
    as_of: datetime
    next_update: datetime

    @property
    def digest(self) -> bytes:
        """SHA-256 of the set in its one string of bytes."""
        return sha256(rice.encode(self.found)).digest()


@dataclass(frozen=True, slots=True)
class _Statement:
    name: ListName
    bits: int
    version: int
    as_of: datetime
    next_update: datetime
    before: bytes | None
    result: bytes
    body: bytes


def publish(after: Held, signer: Signer, *, before: Held | None = None) -> bytes:
    """Return the signed file of `after`: whole, or where `before` is given what it adds to that.

    Refuses with `bad-input` what cannot come after `before`.
    """
    added, continued = after.found, None
    if before is not None:
        _follows(before, after)
        continued = before.digest
        added = IndexSet.of(set(after.found.indices) - set(before.found.indices), bits=after.found.bits)  # fmt: skip
    body = rice.encode(added)
    statement = cbor.dumps(
        {
            "huxin": _NAME,
            "v": 1,
            "region": after.name.region,
            "uri": after.name.uri,
            "bits": after.found.bits,
            "version": after.version,
            "as_of": int(after.as_of.timestamp()),
            "next": int(after.next_update.timestamp()),
            "before": continued,
            "set": after.digest,
            "body": sha256(body).digest(),
        }
    )
    protected = cose.protect(signer.algorithm, signer.kid)
    signature = signer.sign(cose.signed_bytes(protected, statement))
    envelope = cose.write(protected, statement, signature)
    return len(envelope).to_bytes(_LENGTH_BYTES, "big") + envelope + body


def accept(
    data: bytes, *, name: ListName, keys: Iterable[Anchor], held: Held | None, now: datetime
) -> Held:
    """Return what is held after this file.

    `keys` are those that may sign status sets today; of them only active ones of the region
    count.  Refuses with `too-big`, `cose`, `signature`, `expired`, `not-yet` or `bad-input`,
    and then what was held stays.
    """
    # (1) Bounded and split, (2) signed by a key that may, before anything inside is believed.
    envelope, body = _split(data)
    opened = cose.parse(envelope)
    if not any(_signed_by(one, opened, name, now) for one in keys):
        raise RefusalError("signature", "a status set not signed by a key that may")
    # (3) The statement is of this list, and its time is now.
    said = _statement(opened.payload)
    if said.name != name:
        raise RefusalError("bad-input", "a status set of another list")
    if said.as_of > now + _MAX_AHEAD:
        raise RefusalError("not-yet", "a status set of the future")
    if said.next_update <= now:
        raise RefusalError("expired", "a status set whose next one was due")
    # (4) The body is the one meant, and the set that results follows on what is held.
    after = _after(said, body, held)
    if held is not None:
        _follows(held, after)
    return after


def name_of(data: bytes) -> ListName:
    """Return which list a file says that it is of, for looking up whose keys may sign it.

    Nothing is believed yet: `accept` decides.  Refuses with `too-big`, `cose`, `cbor` or `bad-input`.
    """
    envelope, _ = _split(data)
    return _statement(cose.parse(envelope).payload).name


def reopen(data: bytes) -> Held:
    """Return what a whole set says that was accepted before and kept; no key and no clock are asked.

    Only for files that nobody else writes.  Refuses with `too-big`, `cose`, `cbor` or `bad-input`.
    """
    envelope, body = _split(data)
    return _after(_statement(cose.parse(envelope).payload), body, None)


def _after(said: _Statement, body: bytes, held: Held | None) -> Held:
    """Return the set that a statement and its body make of what is held."""
    if sha256(body).digest() != said.body:
        raise RefusalError("bad-input", "another body than the signed one")
    added = rice.decode(body)
    found = _result(said, added, held)
    after = Held(said.name, said.version, found, said.as_of, said.next_update)
    if added.bits != said.bits or after.digest != said.result:
        raise RefusalError("bad-input", "another set than the signed one")
    return after


def _split(data: bytes) -> tuple[bytes, bytes]:
    if len(data) > MAX_BYTES:
        raise RefusalError("too-big", "a signed status set")
    end = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
    if end > min(len(data), _LENGTH_BYTES + _MAX_STATEMENT):
        raise RefusalError("bad-input", "a signed status set cut short")
    return data[_LENGTH_BYTES:end], data[end:]


def _signed_by(anchor: Anchor, opened: cose.Sign1, name: ListName, now: datetime) -> bool:
    if anchor.region != name.region or anchor.standing != "active" or anchor.kid != opened.kid:
        return False
    begun = anchor.valid_from is None or anchor.valid_from <= now
    ended = anchor.valid_until is not None and anchor.valid_until < now
    right = begun and not ended and anchor.key.algorithm == opened.algorithm
    return right and anchor.key.verify(opened.signature, opened.signed)


_FIELDS: Final[dict[str, type]] = {
    "huxin": str, "v": int, "region": str, "uri": str, "bits": int, "version": int,
    "as_of": int, "next": int, "set": bytes, "body": bytes,
}  # fmt: skip


def _statement(payload: bytes) -> _Statement:
    read = cbor.loads(payload)
    fields: dict[str, Any] = read if isinstance(read, dict) else {}
    right = set(fields) == {*_FIELDS, "before"} and all(
        type(fields[name]) is kind for name, kind in _FIELDS.items()
    )
    if not right or (fields["huxin"], fields["v"]) != (_NAME, 1) or fields["version"] < 1:
        raise RefusalError("bad-input", "not the statement of a status set of version 1")
    if cbor.dumps(fields) != payload:
        raise RefusalError("bad-input", "a statement that is not deterministic CBOR")
    return _Statement(
        ListName(fields["region"], fields["uri"]),
        fields["bits"],
        fields["version"],
        from_epoch(fields["as_of"]).astimezone(UTC),
        from_epoch(fields["next"]).astimezone(UTC),
        fields["before"],
        fields["set"],
        fields["body"],
    )


def _result(said: _Statement, body: IndexSet, held: Held | None) -> IndexSet:
    if said.before is None:
        return body
    if held is None or said.version > held.version + 1:
        raise RefusalError("bad-input", "a delta that skips one")
    if said.version <= held.version:
        raise RefusalError("bad-input", "a status set no newer than the one held")
    if said.before != held.digest:
        raise RefusalError("bad-input", "a delta that continues another set")
    return IndexSet.of((*held.found.indices, *body.indices), bits=said.bits)


def _follows(before: Held, after: Held) -> None:
    """Refuse what cannot come after `before`: older, of another size, or with a place given back."""
    if after.name != before.name or after.found.bits != before.found.bits:
        raise RefusalError("bad-input", "a status set of another list")
    if after.version <= before.version or after.as_of < before.as_of:
        raise RefusalError("bad-input", "a status set no newer than the one held")
    if not set(before.found.indices) <= set(after.found.indices):
        raise RefusalError("bad-input", "a status set that gives a withdrawn card back")
