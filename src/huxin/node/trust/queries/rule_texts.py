"""The text that a draft of rules begins with: a pack's rules, the next version of what is asked, or an example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from huxin.kernel.instants import rfc3339
from huxin.node.trust.queries.rules import standing
from huxin.packs import reader
from huxin.trust.rules.adopt import documents
from huxin.trust.rules.rule import FORMAT, Rule

__all__ = ["of_nothing", "of_pack", "of_purpose", "packs"]

_NOTICE: Final = timedelta(days=4)
_YEAR: Final = timedelta(days=365)


def packs() -> list[str]:
    """Return the packs that bring rules."""
    return [one for one in reader.pack_ids() if reader.templates(one).rules]


def of_pack(pack: str, now: datetime) -> str:
    """Return a pack's rules as a text, from four days on for a year."""
    first = _midnight(now + _NOTICE)
    last = first + (_YEAR if not _is_outbreak(pack) else timedelta(days=21))
    made = documents(
        pack, region=settings.HUXIN.region, published=now, valid_from=first, valid_until=last
    )
    return _text(made, dict(reader.templates(pack).value_sets))


def of_purpose(purpose: str, now: datetime) -> str:
    """Return the latest version of what is asked for a purpose as the next one; empty for nothing."""
    found: dict[str, Rule] = {}
    book = standing()
    for rule in book.rules:
        if rule.purpose == purpose and (
            rule.id not in found or found[rule.id].version < rule.version
        ):
            found[rule.id] = rule
    first = _midnight(now + _NOTICE)
    made = [
        {
            **rule.document,
            "version": f"{rule.version[0]}.{rule.version[1] + 1}.0",
            "valid_from": rfc3339(first),
            "valid_until": rfc3339(max(rule.valid_until, first + _YEAR)),
        }
        for rule in found.values()
    ]
    return _text(made, {}) if made else ""


def of_nothing(now: datetime) -> str:
    """Return an example: one dose of some vaccine, at least ten days ago, for an event."""
    first = _midnight(now + _NOTICE)
    say = {"zh-Hans": "……", "en": "…"}
    one = {
        "format": FORMAT,
        "id": f"{settings.HUXIN.region}-1",
        "region": settings.HUXIN.region,
        "version": "1.0.0",
        "type": "acceptance",
        "purpose": "event/forum",
        "kinds": ["vaccination"],
        "reads": "facts",
        "effect": "admits",
        "basis": {"instrument": say, "article": "…", "read": now.date().isoformat()},
        "standing": "illustrative",
        "description": say,
        "next_step": say,
        "fields": ["vaccination.date", "vaccination.disease"],
        "valid_from": rfc3339(first),
        "valid_until": rfc3339(first + timedelta(days=30)),
        "logic": _TEN_DAYS,
    }
    return _text([one], {})


# The first dose against measles was given ten days ago or earlier.
_MEASLES: Final = {
    "and": [{"===": [{"var": "current.disease"}, "icd-11:1F03"]}, {"var": "current.date"}]
}
_SETTLED: Final = {"plusTime": [{"var": "current.date"}, 10, "day"]}
_EARLIER: Final = {"var": "accumulator"}
_FIRST: Final = {
    "if": [
        _MEASLES,
        {"if": [{"before": [_SETTLED, _EARLIER]}, _SETTLED, _EARLIER]},
        _EARLIER,
    ]
}
_TEN_DAYS: Final[dict[str, Any]] = {
    "not-before": [
        {"plusTime": [{"var": "external.validationClock"}, 0, "day"]},
        {
            "reduce": [
                {"var": "payload.vaccination"},
                _FIRST,
                {"plusTime": ["9999-12-31", 0, "day"]},
            ]
        },
    ]
}


def _is_outbreak(pack: str) -> bool:
    return any("outbreak" in one for one in reader.templates(pack).rules)


def _midnight(instant: datetime) -> datetime:
    local = instant.astimezone(settings.HUXIN.time_zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _text(made: list[dict[str, Any]], sets: Mapping[str, Any]) -> str:
    """Write rules a field a line: short enough to look through, and every line can be named."""
    lists = json.dumps({name: list(codes) for name, codes in sets.items()}, ensure_ascii=False)
    rules = ",\n".join("  {\n" + ",\n".join(map(_line, one.items())) + "\n  }" for one in made)
    return f'{{\n "valueSets": {lists},\n "rules": [\n{rules}\n ]\n}}\n'


def _line(pair: tuple[str, Any]) -> str:
    name, found = pair
    return f"   {json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}"
