"""What a case at the conformance door brings along, for its line only: keys, lists of withdrawn cards, rules.

Nobody says whose a key is unless it names a region: then it may also sign what that region withdrew.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from huxin.adapters.key_material import certificate_bytes, lent_certificate, lent_jwk
from huxin.cli.looked_up import Lookup
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.trust.anchors import Anchor, TrustStore
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule_set import parse_set
from huxin.trust.status import others, signed_set
from huxin.trust.status.signed_set import Held, ListName
from huxin.trust.verdict import Verdict

__all__ = ["Withdrawn", "book", "remembered", "some", "text", "trust", "withdrawn"]

_MOST: Final = 10_000


def text(value: object) -> str:
    """Return a text; refuses with `bad-input`."""
    if not isinstance(value, str):
        raise RefusalError("bad-input", "not a text")
    return value


def some(value: object) -> list[Any]:
    """Return a list, of nothing where nothing is; refuses with `bad-input`."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST:
        raise RefusalError("bad-input", "not a list")
    return value


def book(case: Mapping[str, Any], beside: RuleBook | None) -> RuleBook | None:
    """Return the rules of a case, else those that stand beside all cases; of several regions' those that it names."""
    region = None if case.get("region") is None else text(case["region"])
    content = case.get("rules")
    found = beside if content is None else parse_set(content)
    return found if found is None or region is None else found.of(region)


# --------------------------------------------------------------------------------- withdrawn cards


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The lists of a case: what `verify` asks, and what became of each signed set."""

    lookup: Lookup
    sets: tuple[dict[str, Any], ...] | None

    def told(self, verdict: Verdict, now: datetime) -> dict[str, Any]:
        """Return what is told besides where a case brings status sets."""
        if self.sets is None:
            return {}
        age = self.lookup.age([verdict], now=now)
        return {
            "sets": list(self.sets),
            "looked_up": self.lookup.was_made([verdict]),
            "set_age": None if age is None else age.data(),
        }


def withdrawn(case: Mapping[str, Any], keys: TrustStore, now: datetime) -> Withdrawn:
    """Return the lists of withdrawn cards that a case brings; a set that is refused is told of, and left out."""
    revoked, sets = case.get("revoked"), case.get("sets")
    lists = None if revoked is None else others.parse(some(revoked))
    found = [_set(one, keys, now) for one in some(sets)]
    held = [one for one, _ in found if one is not None]
    told = None if sets is None else tuple([one for _, one in found])
    return Withdrawn(Lookup(lists, held), told)


def _set(given: object, keys: TrustStore, now: datetime) -> tuple[Held | None, dict[str, Any]]:
    """Return what is held of one list after its files, in order, and what is told of it."""
    fields = given if isinstance(given, dict) else {}
    name = ListName(text(fields.get("region")), text(fields.get("uri")))
    held: Held | None = None
    refused: list[str] = []
    for data in map(_bytes, some(fields.get("files"))):
        try:
            held = signed_set.accept(data, name=name, keys=keys, held=held, now=now)
        except RefusalError as error:
            refused.append(error.refusal.code)
    return held, {"version": None if held is None else held.version, "refused": refused}


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("bad-input", "not base64") from error


# --------------------------------------------------------------------------------------------- keys


def trust(keys: object) -> TrustStore:
    """Return whom a case believes; of a key that no operation can be done with, nothing."""
    found = tuple(map(_key, some(keys)))
    # What is remembered is bounded in size too, or a line of huge keys would stay for the run.
    small = sum(map(_size, found)) <= _MOST_REMEMBERED
    return _store(found) if small else _fresh_store(found)


def _size(key: _Key) -> int:
    return sum(len(one or "") for one in key)


_Key = tuple[str, str, str | None, str | None]
_MOST_REMEMBERED: Final = 64_000
_LONGEST_KEY: Final = 8_000


def _key(key: object) -> _Key:
    """Return a lent key as (kind, text, issuer, region), which can be remembered."""
    fields = key if isinstance(key, dict) else {}
    certificate, jwk, issuer = (fields.get(name) for name in ("certificate", "jwk", "issuer"))
    if (certificate is None) == (jwk is None):
        raise RefusalError("bad-input", "a key is a certificate or a jwk")
    owner, region = (None if one is None else text(one) for one in (issuer, fields.get("region")))
    if certificate is not None:
        return "certificate", text(certificate), owner, region
    if not isinstance(jwk, dict):
        raise RefusalError("bad-input", "jwk: not an object")
    return "jwk", json.dumps(jwk, sort_keys=True), owner, region


# Cases of one issuer repeat its keys, and making a key costs more than checking with it.
@lru_cache(maxsize=1_024)
def _store(keys: tuple[_Key, ...]) -> TrustStore:
    return TrustStore(anchor for key in keys for anchor in _known(key))


def _fresh_store(keys: tuple[_Key, ...]) -> TrustStore:
    known = (_known(key) if _size(key) <= _LONGEST_KEY else _anchors(key) for key in keys)
    return TrustStore(anchor for anchors in known for anchor in anchors)


@lru_cache(maxsize=8_192)
def _known(key: _Key) -> tuple[Anchor, ...]:
    return _anchors(key)


def _anchors(key: _Key) -> tuple[Anchor, ...]:
    kind, written, issuer, region = key
    try:
        if kind == "certificate":
            found = lent_certificate(certificate_bytes(written))
        else:
            found = lent_jwk(json.loads(written), issuer)
    except (UnusableKeyError, RefusalError):
        return ()
    return found if region is None else tuple([replace(one, region=region) for one in found])


def remembered() -> tuple[int, int]:
    """Return how many sets of keys and how many keys are kept from line to line."""
    return _store.cache_info().currsize, _known.cache_info().currsize
