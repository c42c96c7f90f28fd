"""What regions tell one another in public: an incident, a breach of data, news.  Signed as all else, and never unsaid.

    federation/notices.json    what the regions say together, with the dissent of those who would not
    XX/notices.json            what one region says

    {"huxin": "notices", "v": 1, "by": "federation", "notices": [
        {"name": "2026-001", "kind": "incident", "at": "2026-11-28T08:00:00Z", "title": {zh, en}, "text": {zh, en},
         "concerns": ["QX"], "corrects": null, "dissent": [{"region": "QW", "text": {zh, en}}]}]}

Responsible for the document's one form, and for what may follow on it.  It takes no trust away: whoever cannot read
one loses news, not the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast, get_args

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.federation.fields import Fields, document, refuse
from huxin.trust.federation.layout import MOST_REGIONS, notices_path

__all__ = [
    "MOST_NOTICES",
    "NOTICE_KINDS",
    "TOGETHER",
    "Notice",
    "NoticeKind",
    "added",
    "all_notices",
    "parse_notices",
    "write_notices",
]

NoticeKind = Literal["incident", "data-security", "news"]
NOTICE_KINDS: Final = get_args(NoticeKind)
TOGETHER: Final = "federation"
"""Who speaks where all regions do."""

MOST_NOTICES: Final = 500
_MOST_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; `concerns` are the regions it is about, `corrects` the name of the one it puts right."""

    name: str
    kind: NoticeKind
    at: datetime
    title: Mapping[str, str]
    text: Mapping[str, str]
    concerns: tuple[str, ...] = ()
    corrects: str | None = None
    dissent: tuple[tuple[str, Mapping[str, str]], ...] = ()


def parse_notices(data: bytes, *, by: str) -> tuple[Notice, ...]:
    """Read the notices of a region, or of all together; each name once.

    Refuses with `trust-file` or `too-big`.
    """
    fields = document(data, kind="notices", limit=_MOST_BYTES)
    fields.only("huxin", "v", "by", "notices")
    if fields.text("by") != by:
        raise refuse("/by", f"not notices of {by}")
    found: dict[str, Notice] = {}
    for one in map(_notice, fields.objects("notices", MOST_NOTICES)):
        if one.name in found:
            raise refuse("/notices", "a name twice")
        if len(dict(one.dissent)) < len(one.dissent):
            raise refuse("/notices", "a region dissents twice")
        if one.dissent and by != TOGETHER:
            raise refuse("/notices", "a region does not dissent from itself")
        found[one.name] = one
    return tuple(found.values())


def _notice(fields: Fields) -> Notice:
    fields.only("name", "kind", "at", "title", "text", "concerns", "corrects", "dissent")
    return Notice(
        fields.text("name"),
        cast("NoticeKind", fields.choice("kind", NOTICE_KINDS)),
        fields.instant("at"),
        fields.words("title"),
        fields.words("text"),
        fields.regions("concerns", MOST_REGIONS),
        fields.text("corrects") if fields.has("corrects") else None,
        tuple(_dissent(one) for one in fields.objects("dissent", MOST_REGIONS)),
    )


def _dissent(fields: Fields) -> tuple[str, Mapping[str, str]]:
    fields.only("region", "text")
    return fields.region("region"), fields.words("text")


def write_notices(by: str, notices: Iterable[Notice]) -> bytes:
    """Return notices in their one form, in the order in which they were given."""
    rows = [
        {
            "name": one.name,
            "kind": one.kind,
            "at": rfc3339(one.at),
            "title": one.title,
            "text": one.text,
            "concerns": sorted(one.concerns),
            "corrects": one.corrects,
            "dissent": [{"region": region, "text": said} for region, said in one.dissent],
        }
        for one in notices
    ]
    whole = {"huxin": "notices", "v": 1, "by": by, "notices": rows}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def added(held: bytes | None, notice: Notice, *, by: str) -> bytes:
    """Return a region's notices with one more behind them; where there are too many, the oldest go.

    Refuses with `trust-file` a notice that is none, or names another that stands or is not there.
    """
    before = () if held is None else parse_notices(held, by=by)
    kept = before[max(0, len(before) + 1 - MOST_NOTICES) :]
    if notice.corrects is not None and all(one.name != notice.corrects for one in kept):
        raise refuse("/notices", f"no notice {notice.corrects[:40]} to be corrected")
    data = write_notices(by, (*kept, notice))
    parse_notices(data, by=by)
    return data


def all_notices(
    targets: Mapping[str, bytes], regions: Iterable[str]
) -> tuple[tuple[tuple[str, Notice], ...], tuple[str, ...]]:
    """Return (who says it, notice) of all together and of these regions, the newest first; and whose cannot be read."""
    found: list[tuple[str, Notice]] = []
    faulty = []
    for by in (TOGETHER, *sorted(regions)):
        data = targets.get(notices_path(by))
        if data is None:
            continue
        try:
            found += [(by, one) for one in parse_notices(data, by=by)]
        except RefusalError:
            faulty.append(by)
    found.sort(key=lambda row: row[1].at, reverse=True)
    return tuple(found), tuple(faulty)
