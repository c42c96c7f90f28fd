"""The list that regions sign together, in public: who is in it, which keys, how old it is, and who signed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.words import says
from huxin.node.trust.queries import federation as queries
from huxin.node.trust.queries.federation import Glance
from huxin.node.trust.views.key_calendar import key_calendar
from huxin.node.trust.words import ROLE_WORDS, STANDING_WORDS
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust.federation.glance import KeyRow, RoleRow
from huxin.trust.federation.layout import region_of, region_role
from huxin.trust.federation.policy import LocalPolicy

__all__ = ["federation", "sentence", "trust_file"]

_GROUP: Final = 4
_MONTHS: Final = 36
_FIRST: Final = 12
_KINDS: Final = {"active": "ok", "probation": "check", "verify-only": ""}


@public
@require_safe
def federation(request: NodeRequest) -> HttpResponse:
    """Show the list that this node holds; say so where it holds none, or cannot read it."""
    try:
        found = queries.glance(request.now)
    except RefusalError as error:
        page = {"fault": sentence(error.refusal.code)}
        return render(request, "trust/federation.html", page, status=500)
    return render(request, "trust/federation.html", _shown(found) if found else {})


def _shown(found: Glance) -> dict[str, Any]:
    stopped = {one.region for one, _ in found.suspended if one.key is None}
    code, there = found.freshness.code, {row.role for row in found.roles}
    state = {"fresh": "ok", "stale": "check", "refused": "no"}[found.freshness.decision]
    return {
        "list": found,
        "name": Words(found.charter.name["zh"], found.charter.name["en"]),
        "text": Words(found.charter.text["zh"], found.charter.text["en"]),
        "dissent": [
            (region, Words(said["zh"], said["en"])) for region, said in found.charter.dissent
        ],
        "state": state,
        "age": _age(found.freshness.age),
        "told": sentence(code) if code else None,
        "regions": [
            {
                "row": row,
                "name": Words(row.name["zh"], row.name["en"]),
                "standing": STANDING_WORDS[row.standing],
                "kind": _KINDS[row.standing],
                "ended": region_role(row.region) not in there,
                "suspended": row.region in stopped,
            }
            for row in found.regions
        ],
        "roles": [
            {"row": row, "words": _role(row), "signed": _signed(row.signed_by)}
            for row in found.roles
        ],
        "suspended": [
            {"one": one, "reason": Words(one.reason["zh"], one.reason["en"]), "lapses": lapses}
            for one, lapses in found.suspended
        ],
        "root": _grouped(found.root),
        "ends": _ends(found.keys),
        "own": _own(found.policy) if found.policy is not None else None,
    }


def _ends(keys: Sequence[KeyRow]) -> dict[str, Any]:
    """Return when keys end: how many in each month, and the first of them by name."""
    months = sorted(Counter(f"{one.until:%Y-%m}" for one in keys).items())[:_MONTHS]
    first = [{"row": one, "kid": kid_text(one.kid)} for one in keys[:_FIRST]]
    title = says("密钥，按到期的月份", "Keys, by the month in which they end")
    chart = key_calendar(title, months) if len(months) > 1 else None
    return {"chart": chart, "first": first, "more": len(keys) - len(first)}


def _own(policy: LocalPolicy) -> list[Words]:
    """Return in sentences what this node decides for itself."""
    limits = policy.limits
    hours, warn, refuse = limits.stale // timedelta(hours=1), limits.warn.days, limits.refuse.days
    told = [
        Words(f"不信 {one} 的任何密钥", f"No key of {one} is believed here")
        for one in sorted(policy.deny_regions)
    ]
    told += [
        Words(f"不信密钥 {one.hex()[:16]}…", f"The key {one.hex()[:16]}… is not believed here")
        for one in sorted(policy.deny_keys)
    ]
    told += [
        Words(f"另外信 {one.region} 的 {len(one.keys)} 把密钥", f"{len(one.keys)} keys of {one.region} are believed here besides")
        for one in policy.accept
    ]  # fmt: skip
    told.append(
        Words(
            f"清单 {hours} 小时后算旧，{warn} 天起提醒，{refuse} 天后不用",
            f"A list is old after {hours} hours, said so from {warn} days on, and not used after {refuse} days",
        )
    )
    return told


def sentence(code: str) -> Words:
    """Return what a code of the register says, and what to do."""
    row = CODES[code]
    return Words(row.text["zh"] + row.next["zh"], f"{row.text['en']} {row.next['en']}")


def _role(row: RoleRow) -> Words:
    region = region_of(row.role)
    if region is None:
        return ROLE_WORDS[row.role]
    return Words(f"{region} 的文件", f"files of {region}")


def _signed(regions: Sequence[str]) -> list[str]:
    """Return who signed; of a region whose officers did, how many."""
    number = Counter(regions)
    return [one if times == 1 else f"{one} × {times}" for one, times in number.items()]


def _age(age: timedelta) -> str:
    hours = max(0, age // timedelta(hours=1))
    if hours < 1:
        return says("不到一小时前签的", "signed less than an hour ago")
    if hours < 48:
        return says("{n} 小时前签的", "signed {n} h ago", n=hours)
    return says("{n} 天前签的", "signed {n} days ago", n=hours // 24)


def _grouped(digest: str) -> str:
    """Return a digest as people read it to one another."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))


@public
@require_safe
def trust_file(_request: NodeRequest, file: str) -> HttpResponse:
    """Give a file of the repository, where this node hands one out."""
    found = queries.file_of(file)
    if found is None:
        raise Http404
    data, headers = found
    kind = "application/json" if file.endswith(".json") else "application/octet-stream"
    return HttpResponse(data, content_type=kind, headers=dict(headers))
