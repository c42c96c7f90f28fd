"""What the offline verifier is given by this node: whose it is, the shared list, the rules and their words.

All of it is public, the same for everybody, and about nobody.  The practice cards are specimens of invented people:
of a rehearsal signed with the node's own test key, in earnest with a key of this process that nobody believes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from huxin.adapters import intake, trust_state, verifier_folder
from huxin.adapters.listed_rules import listed_rules
from huxin.adapters.practice import changed_text
from huxin.adapters.verifier_folder import LIST, RULES, SETUP, WORDS, PlaceRules, Practice, Setup
from huxin.node.trust import signing
from huxin.node.trust.queries import editions, journey, rules
from huxin.node.trust.queries.status import status
from huxin.trust import reading
from huxin.trust.rules.book import RuleBook
from huxin.trust.status import signed_set
from huxin.trust.verify import Basis, verify

__all__ = ["DATA", "data_of"]


def data_of(name: str, now: datetime) -> bytes | None:
    """Return one of the files of data; `None` where this node has none, as without a shared list.

    Refuses with `trust-file` or `key-file` where the node's own files are spoilt.
    """
    return DATA[name](now)


def _setup(now: datetime) -> bytes:
    held = trust_state.read_held(settings.HUXIN.federation)
    book = rules.book(now)
    named = [settings.HUXIN.region, *settings.HUXIN.regions, *signing.listed_names()]
    packs = {name: rules.pack_of(name) for name in sorted({rule.purpose for rule in book.rules})}
    return Setup(
        region=settings.HUXIN.region,
        names={code: signing.region_words(code) for code in named},
        environment=_environment(),
        root=held.memory.pinned if held is not None else "",
        zone=str(settings.HUXIN.time_zone),
        purposes=PlaceRules(book, _listed(now)).purposes(now, packs=packs),
        practice=_practice(now, book, {pack: name for name, pack in packs.items()}),
        appeals=settings.HUXIN.origin + reverse("appeal-new"),
        policy=(held.packed_policy if held is not None else None) or b"",
    ).to_bytes()


def _environment() -> str:
    return "production" if settings.HUXIN.environment == "production" else "test"


def _practice(now: datetime, book: RuleBook, asked: Mapping[str, str]) -> tuple[Practice, ...]:
    """Return a specimen of each pack with what it is answered here, and last one with a letter changed.

    `asked` names the purpose of a pack.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    cards = journey.specimens(today, own_key=_environment() == "test")
    basis = Basis(signing.trust_store(now), status(), book)
    told = [_answered(one.text, asked.get(pack), basis, now) for pack, one in cards.items()]
    first = next(iter(cards.values()), None)
    if first is not None:
        told.append(_answered(changed_text(first), None, basis, now))
    return tuple(told)


def _answered(text: str, purpose: str | None, basis: Basis, now: datetime) -> Practice:
    return Practice(
        text, verify(reading.open(text), basis, purpose=purpose, now=now).outcome, purpose
    )


def _bundle(_now: datetime) -> bytes | None:
    held = settings.HUXIN.federation / trust_state.ACCEPTED
    if not held.exists():
        return None
    newest = [one for one in map(editions.newest, editions.begun()) if one is not None]
    others = sorted(settings.HUXIN.status.glob("*.hxs"))
    stamps = tuple((str(path), path.stat().st_mtime_ns) for path in (held, *others))
    return _packed(stamps, tuple(one.id for one in newest))


@lru_cache(maxsize=1)
def _packed(stamps: tuple[tuple[str, int], ...], own: tuple[uuid.UUID, ...]) -> bytes | None:
    held = trust_state.read_held(settings.HUXIN.federation)
    if held is None:
        return None
    sets = [editions.whole_of(one) for one in own]
    sets += [intake.read(Path(path), limit=signed_set.MAX_BYTES) for path, _ in stamps[1:]]
    return verifier_folder.bundle(held, sets)


def _listed(now: datetime) -> Mapping[str, RuleBook]:
    """Return the rules of other regions, as the shared list has them; none without one."""
    path = settings.HUXIN.federation / trust_state.ACCEPTED
    return _listed_of(path.parent, path.stat().st_mtime_ns, now.date()) if path.exists() else {}


@lru_cache(maxsize=1)
def _listed_of(state: Path, _changed: int, today: date) -> Mapping[str, RuleBook]:
    held = trust_state.read_held(state)
    if held is None:
        return {}
    begun = datetime.combine(today, time(), tzinfo=UTC)
    return listed_rules(held, environment=_environment(), now=begun)


def _rules(now: datetime) -> bytes:
    return PlaceRules(rules.book(now), _listed(now)).to_bytes()


def _words(_now: datetime) -> bytes:
    return _json(verifier_folder.spoken_words())


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


DATA: Final[Mapping[str, Callable[[datetime], bytes | None]]] = {
    SETUP: _setup, LIST: _bundle, RULES: _rules, WORDS: _words,
}  # fmt: skip
