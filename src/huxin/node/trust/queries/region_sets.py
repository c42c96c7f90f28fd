"""What other regions withdrew, as this node holds it; and which of their lists the federation names.

    NODE/status/<digest>.hxs       sets that were fetched from the regions (see `actions.fetch_status`)
    NODE/federation/…              sets that came with the shared list, on a stick

Of one list the newest set counts.  A set that aged past its next one is asked all the same; its age is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from huxin.adapters import intake, status_files, trust_state
from huxin.adapters.trust_state import ACCEPTED
from huxin.kernel.errors import RefusalError
from huxin.node.base.condition import Finding
from huxin.node.trust import signing
from huxin.packs.reader import Words
from huxin.trust.federation.layout import status_path
from huxin.trust.federation.status_lists import is_on_this_machine, parse_status_lists
from huxin.trust.status import signed_set
from huxin.trust.status.signed_set import Held, ListName
from huxin.trust.status.status_sets import StatusSets
from huxin.trust.verdict import Verdict

__all__ = ["age_of", "examine", "held", "listed", "others"]

_Stamp = tuple[tuple[str, int, int], ...]


def held() -> dict[ListName, Held]:
    """Return the newest set of each list that is held."""
    return dict(_read(str(settings.HUXIN.path), _stamp()))


def others() -> StatusSets:
    """Return what other regions withdrew, for `Basis`."""
    return _sets(str(settings.HUXIN.path), _stamp())


def _stamp() -> _Stamp:
    """Return what tells whether any of the files changed."""
    files = [*settings.HUXIN.status.glob("*.hxs"), settings.HUXIN.federation / ACCEPTED]
    found = ((path, path.stat()) for path in sorted(files) if path.exists())
    return tuple((str(path), about.st_mtime_ns, about.st_size) for path, about in found)


@lru_cache(maxsize=2)
def _sets(node: str, stamp: _Stamp) -> StatusSets:
    return StatusSets(one for _, one in _read(node, stamp))


@lru_cache(maxsize=2)
def _read(_node: str, stamp: _Stamp) -> tuple[tuple[ListName, Held], ...]:
    newest: dict[ListName, Held] = {}
    for path, _, _ in stamp:
        for one in _held_at(Path(path)):
            before = newest.get(one.name)
            if before is None or one.version > before.version:
                newest[one.name] = one
    return tuple(newest.items())


def _held_at(path: Path) -> Iterable[Held]:
    if path.name == ACCEPTED:
        found = trust_state.read_held(path.parent)
        return found.sets() if found is not None else ()
    try:
        return (signed_set.reopen(intake.read(path, limit=signed_set.MAX_BYTES)),)
    except RefusalError:
        # A file that was spoilt is fetched again within the hour; what came on a stick still counts.
        return ()


def listed(now: datetime) -> list[ListName]:
    """Return the lists that other regions name, whose keys this node believes now.

    Refuses as `signing.trust_store` does; a region whose file cannot be read names none.
    """
    state = trust_state.read_held(settings.HUXIN.federation)
    if state is None:
        return []
    believed = {one.region for one in status_files.those_who_may(signing.trust_store(now))
                if one.standing == "active"}  # fmt: skip
    regions = sorted(one for one in believed if one and one != settings.HUXIN.region)
    targets = state.repository().targets
    return [ListName(one, uri) for one in regions for uri in _addresses(targets.get(status_path(one)))]  # fmt: skip


def _addresses(data: bytes | None) -> Iterator[str]:
    try:
        found = parse_status_lists(data) if data is not None else ()
    except RefusalError:
        return
    rehearsal = settings.HUXIN.environment != "production"
    yield from (uri for uri in found if rehearsal or not is_on_this_machine(uri))


def age_of(verdict: Verdict, *, now: datetime) -> tuple[datetime | None, bool]:
    """Return since when the oldest set is true that other regions' cards were looked up in.

    And whether there is a card whose list is not here to be looked into.
    """
    sets, dates, missing = others(), [], False
    for card in verdict.cards:
        credential, anchor = card.reading.credential, card.anchor
        if credential is None or anchor is None or anchor.region == settings.HUXIN.region:
            continue
        found = sets.dates(credential, anchor)
        if found is not None:
            dates.append(min(found[0], now))
        missing = missing or (found is None and credential.status is not None)
    return min(dates, default=None), missing


_ABOUT: Final = Words("其他区域的状态清单", "Status lists of other regions")


def examine(now: datetime) -> Iterator[Finding]:
    """其他区域的状态清单 | Status lists of other regions"""
    names = listed(now)
    if not names:
        return
    here = held()
    lacking = [one for one in names if one not in here]
    overdue = [one for one in names if one in here and here[one].next_update <= now]
    zh = f"{len(names)} 份，缺 {len(lacking)} 份，{len(overdue)} 份过期"
    en = f"{len(names)}, {len(lacking)} of them not here, {len(overdue)} overdue"
    first = next(iter([*lacking, *overdue]), None)
    if first is None:
        yield Finding(_ABOUT, "fine", Words(zh, en))
        return
    todo = Words(
        f"看 huxin node work 是否在运行；再问 {first.region}：{first.uri}",
        f"see whether huxin node work is running; then ask {first.region}: {first.uri}",
    )
    yield Finding(_ABOUT, "look", Words(zh, en), todo)
