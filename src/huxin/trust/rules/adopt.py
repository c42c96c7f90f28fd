"""A region takes over the rules of a pack: templates → rule documents, and a book of them.

A pack's rules are the rule of nobody until a region says that they are its own, since when, and until
when.  Nothing else of them changes, so that two regions which adopt one pack ask for the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huxin.kernel.instants import rfc3339
from huxin.packs import reader
from huxin.packs.templates import Templates
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import parse_rule

__all__ = ["adopt", "documents", "filled"]


def documents(
    pack_id: str,
    *,
    region: str,
    published: datetime,
    valid_from: datetime,
    valid_until: datetime,
    declared: date | None = None,
) -> list[dict[str, Any]]:
    """Return the rules of a pack as documents of a region; raises `KeyError` for a pack that is none.

    `declared` is the day on which an outbreak was declared, where rules are about one; without it the
    day of publication.
    """
    return filled(
        reader.templates(pack_id),
        region=region,
        published=published,
        valid_from=valid_from,
        valid_until=valid_until,
        declared=declared,
    )


def filled(
    templates: Templates,
    *,
    region: str,
    published: datetime,
    valid_from: datetime,
    valid_until: datetime,
    declared: date | None = None,
) -> list[dict[str, Any]]:
    """Return templates as documents of a region; see `documents`."""
    given = {
        "region": region,
        "published": rfc3339(published),
        "valid_from": rfc3339(valid_from),
        "valid_until": rfc3339(valid_until),
    }
    day = (declared or published.date()).isoformat()
    return [{**one, **_outbreak(one, day), **given} for one in templates.rules]


def _outbreak(template: Mapping[str, Any], day: str) -> dict[str, Any]:
    found = template.get("outbreak")
    return {} if found is None else {"outbreak": {**found, "declared": day}}


def adopt(
    pack_id: str,
    *,
    region: str,
    published: datetime,
    valid_from: datetime,
    valid_until: datetime,
    declared: date | None = None,
) -> RuleBook:
    """Return the rules of a pack as the book of a region; see `documents`.

    Refuses as `parse_rule` does: the dates, and what is wrong with the rules of a pack from outside.
    """
    made = documents(
        pack_id,
        region=region,
        published=published,
        valid_from=valid_from,
        valid_until=valid_until,
        declared=declared,
    )
    sets = {name: list(codes) for name, codes in reader.templates(pack_id).value_sets.items()}
    return RuleBook(tuple([parse_rule(one) for one in made]), sets)
