"""What a proposal changes, as sentences: which regions, keys, suspensions, rules and texts come, go or change.

Responsible for telling everything that is signed with it, and nothing that is not: a change that has no sentence of
its own is told as a changed file.  `sentences` has them, in every language of the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import rfc3339
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.sentences import Change, change
from huxin.trust.federation.charter import (
    Charter,
    Member,
    Suspension,
    parse_charter,
    parse_members,
    parse_suspensions,
)
from huxin.trust.federation.layout import (
    CHARTER,
    MEMBERS,
    REGION_FIELD,
    SUSPENSIONS,
    TOP_ROLES,
    WITNESSED,
    region_of,
)
from huxin.trust.federation.notices import Notice, parse_notices
from huxin.trust.federation.region_keys import (
    RegionKeys,
    SigningKey,
    Tombstone,
    parse_region_keys,
)
from huxin.trust.federation.repository import Repository

__all__ = ["differences"]

_PURPOSES: Final = {
    "root": "root", "targets": "charter", "emergency": "emergency", "snapshot": "snapshot",
    "timestamp": "timestamp",
}  # fmt: skip
_KEYS: Final = "/keys.cbor"
_NOTICES: Final = "/notices.json"


def differences(proposal: Proposal, before: Repository | None) -> tuple[Change, ...]:
    """Return every change, in the order of the documents; refuses with `trust-file` a document that cannot be read."""
    held = {} if before is None else before.targets
    found: list[Change] = []
    for path, data in sorted(proposal.documents.items()):
        if held.get(path) == data:
            continue
        told = list(_in_document(path, held.get(path), data))
        # What has no sentence of its own is told all the same.
        if not told:
            code = "file-changes" if path in held else "file-comes"
            told = [change(code, grave=True, path=path, size=len(data))]
        found += told
    found += _gone(proposal, before)
    found += _signers(proposal, before)
    for role, signed in proposal.metadata.items():
        found.append(change("lasts", role=role, until=signed.get("expires", "")))
    return tuple(found)


def _gone(proposal: Proposal, before: Repository | None) -> Iterator[Change]:
    """Yield the files that a role carried and would carry no more."""
    held = {} if before is None else before.roles
    for role, signed in proposal.metadata.items():
        carried = held[role].signed.get("targets", {}) if role in held else {}
        for path in sorted(carried.keys() - signed.get("targets", {}).keys()):
            yield change("file-goes", grave=True, path=path)


def _in_document(path: str, old: bytes | None, new: bytes) -> Iterator[Change]:
    if path == MEMBERS:
        yield from _members(old, new)
    elif path == SUSPENSIONS:
        yield from _suspensions(old, new)
    elif path == CHARTER:
        yield from _charter(None if old is None else parse_charter(old), parse_charter(new))
    elif path.endswith(_NOTICES):
        yield from _notices(path.partition("/")[0], old, new)
    elif path.endswith(_KEYS):
        yield from _keys(None if old is None else parse_region_keys(old), parse_region_keys(new))
    else:
        yield change("file-comes" if old is None else "file-changes", path=path, size=len(new))


def _members(old: bytes | None, new: bytes) -> Iterator[Change]:
    was = {} if old is None else {one.region: one for one in parse_members(old)}
    now = {one.region: one for one in parse_members(new)}
    for region, member in now.items():
        if region not in was:
            yield change("member-joins", grave=True, region=region, standing=member.standing)
            yield _member(member)
            continue
        if was[region].standing != member.standing:
            since = rfc3339(member.since)
            yield change("member-stands", grave=True, region=region, standing=member.standing, since=since)  # fmt: skip
        if member.successor not in (None, was[region].successor):
            yield change("member-successor", region=region, successor=member.successor)
        if _otherwise(was[region], member):
            yield _member(member)
    for region in was.keys() - now.keys():
        yield change("member-goes", grave=True, region=region)


def _otherwise(was: Member, now: Member) -> bool:
    """Tell whether a member is listed otherwise in something that no other sentence tells."""
    if (was.name, was.environment) != (now.name, now.environment):
        return True
    # Since when is told with a new standing, and who takes over where that is new.
    dated = was.standing == now.standing and was.since != now.since
    return dated or (was.successor is not None and now.successor is None)


def _member(one: Member) -> Change:
    names = {"name_zh": one.name["zh"], "name_en": one.name["en"]}
    since, environment = rfc3339(one.since), one.environment
    return change("member-details", grave=True, region=one.region, since=since, environment=environment, **names)  # fmt: skip


def _suspensions(old: bytes | None, new: bytes) -> Iterator[Change]:
    # By whom it is about and since when: a name may come to stand for another.
    was = {} if old is None else {one.mark(): one for one in parse_suspensions(old)}
    now = {one.mark(): one for one in parse_suspensions(new)}
    held = {(one.region, one.key) for one in was.values()}
    stays = {(one.region, one.key) for one in now.values()}
    for mark, one in sorted(now.items(), key=lambda row: row[1].name):
        if was.get(mark) == one:
            continue
        again = mark not in was and (one.region, one.key) in held
        yield _suspension("prolonged" if again else "suspended", one)
    for mark, one in sorted(was.items(), key=lambda row: row[1].name):
        if mark not in now and (one.region, one.key) not in stays:
            yield _suspension("unsuspended", one)


def _suspension(code: str, one: Suspension) -> Change:
    return change(
        code,
        grave=True,
        region=one.region,
        key="" if one.key is None else f" ({one.key[:16]}…)",
        since=rfc3339(one.since),
        reason_zh=one.reason["zh"],
        reason_en=one.reason["en"],
    )


def _charter(old: Charter | None, new: Charter) -> Iterator[Change]:
    if old is None or old.name != new.name:
        yield change("charter-name", name=f"{new.name['zh']} / {new.name['en']}")
    if old is None or old.environment != new.environment:
        yield change("charter-environment", grave=True, environment=new.environment)
    if old is None or old.text != new.text:
        yield change("charter-text")
    yield from _caps(old, new)
    confirmed = frozenset() if old is None else frozenset(old.confirmed)
    for name in sorted(set(new.confirmed) - confirmed):
        yield change("confirmed", grave=True, name=name)
    for name in sorted(confirmed - set(new.confirmed)):
        yield change("unconfirmed", grave=True, name=name)
    yield from _dissents({} if old is None else dict(old.dissent), dict(new.dissent))


def _dissents(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    for region, said in new.items():
        if region not in old:
            yield change("charter-dissent", region=region, text_zh=said["zh"], text_en=said["en"])
    for region, said in old.items():
        if new.get(region) != said:
            yield change("charter-dissent-gone", grave=True, region=region)


def _notices(by: str, old: bytes | None, new: bytes) -> Iterator[Change]:
    was = {one.name: one for one in _readable(old, by)}
    now = {one.name: one for one in parse_notices(new, by=by)}
    for name, one in now.items():
        if name not in was:
            yield _notice("notice-comes", by, one)
        elif was[name] != one:
            yield _notice("notice-changes", by, one, grave=True)
        known = dict(was[name].dissent) if name in was else {}
        for region, said in one.dissent:
            if region not in known:
                yield change("notice-dissent", region=region, text_zh=said["zh"], text_en=said["en"])  # fmt: skip
    for name in was.keys() - now.keys():
        yield _notice("notice-goes", by, was[name], grave=True)


def _readable(old: bytes | None, by: str) -> tuple[Notice, ...]:
    """Return notices that stand; what cannot be read is replaced, and told as a changed file by its caller."""
    try:
        return () if old is None else parse_notices(old, by=by)
    except RefusalError:
        return ()


def _notice(code: str, by: str, one: Notice, *, grave: bool = False) -> Change:
    titles = {"title_zh": one.title["zh"], "title_en": one.title["en"]}
    if code == "notice-changes":
        titles |= {"text_zh": one.text["zh"], "text_en": one.text["en"]}
    return change(code, grave=grave, by=by, kind=one.kind, **titles)


def _caps(old: Charter | None, new: Charter) -> Iterator[Change]:
    was, now = {} if old is None else _numbers(old), _numbers(new)
    for what, number in now.items():
        if old is None:
            yield change("cap-begins", grave=True, what=what, new=number)
        elif was[what] != number:
            yield change("cap", grave=True, what=what, old=was[what], new=number)


def _numbers(charter: Charter) -> dict[str, int]:
    return {
        "credentials": charter.caps.credentials,
        "issuing_days": charter.caps.issuing_days,
        "verifying_days": charter.caps.verifying_days,
        "notice_hours": charter.notice_hours,
    }


def _keys(old: RegionKeys | None, new: RegionKeys) -> Iterator[Change]:
    was = {} if old is None else {(one.domain, one.key.spki): one for one in old.keys}
    now = {(one.domain, one.key.spki): one for one in new.keys}
    for place, key in now.items():
        if place not in was:
            yield _key("key-comes", new.region, key, until=rfc3339(key.until), terms=_terms(key))
        elif was[place] != key:
            yield _key("key-changes", new.region, key, terms=_terms(key))
    for place, key in was.items():
        if place not in now:
            yield _key("key-goes", new.region, key)
    if old is not None and old.environment != new.environment:
        yield change("keys-environment", grave=True, region=new.region, environment=new.environment)  # fmt: skip
    yield from _graves({} if old is None else {one.material: one for one in old.revoked}, new)


def _graves(known: Mapping[bytes, Tombstone], new: RegionKeys) -> Iterator[Change]:
    for material in sorted(known):
        if known[material] not in new.revoked:
            yield change("key-unburied", grave=True, region=new.region, material=material.hex()[:16])  # fmt: skip
    for stone in new.revoked:
        if stone.material not in known:
            values = {"reason": stone.reason, "material": stone.material.hex()[:16]}
            yield change("key-buried", grave=True, region=new.region, **values)


def _terms(key: SigningKey) -> str:
    """Return what a key may do, in the words of the list."""
    usage = ", ".join(key.usage) if key.usage is not None else "*"
    last, end = (f"{one:%Y-%m-%d}" for one in (key.issue_until, key.until))
    issuer = f" · iss {key.issuer}" if key.issuer else ""
    return f"{usage} · ≤ {key.cap:,} · {key.since:%Y-%m-%d} → {last} → {end}{issuer}"


def _key(code: str, region: str, key: SigningKey, **values: str) -> Change:
    kid = kid_text(key.kid)
    return change(code, grave=True, region=region, kid=kid, domain=key.domain, **values)


# ------------------------------------------------------------------------------ who signs


def _signers(proposal: Proposal, before: Repository | None) -> Iterator[Change]:
    held = {} if before is None else {role: one.signed for role, one in before.roles.items()}
    newest = {**held, **proposal.metadata}
    was, now = _keys_of(held), _keys_of(newest)
    for region, purpose, public in sorted(now - was):
        yield _signer("signer-comes", region, purpose, public)
    for region, purpose, public in sorted(was - now):
        yield _signer("signer-goes", region, purpose, public)
    asked, asks = _thresholds(held), _thresholds(newest)
    for role, (threshold, of) in asks.items():
        if asked.get(role) != (threshold, of):
            yield change("threshold", grave=True, role=role, threshold=threshold, of=of)


def _keys_of(signed: Mapping[str, Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Return (region, purpose, public key) of every key of every role, as the metadata itself has them."""
    if "root" not in signed:
        return set()
    root = signed["root"]
    found = {name: _of_role(root["keys"], root["roles"][name]) for name in TOP_ROLES}
    delegations = signed.get("targets", {}).get("delegations", {})
    for role in delegations.get("roles", []):
        found[role["name"]] = _of_role(delegations["keys"], role)
    witnesses = found["snapshot"] & found["timestamp"]
    rows = {(region, "witness", public) for region, public in witnesses}
    for name, keys in found.items():
        owner, purpose = region_of(name), _PURPOSES.get(name, "officer")
        rows |= {(owner or region, purpose, public) for region, public in keys - _both(name, witnesses)}  # fmt: skip
    return rows


def _both(name: str, witnesses: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return the keys of a role that are told already, since they sign snapshot and timestamp alike."""
    return witnesses if name in WITNESSED else frozenset()


def _of_role(keys: Mapping[str, Any], role: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    if any(name not in keys for name in role["keyids"]):
        raise RefusalError("trust-keys", "a role without its keys")
    held = [keys[name] for name in role["keyids"]]
    return frozenset((one.get(REGION_FIELD, "?"), one["keyval"]["public"]) for one in held)


def _thresholds(signed: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Return how many of how many sign each role."""
    roles = dict(signed["root"]["roles"]) if "root" in signed else {}
    delegated = signed.get("targets", {}).get("delegations", {}).get("roles", [])
    roles |= {one["name"]: one for one in delegated}
    return {role: (one["threshold"], len(one["keyids"])) for role, one in roles.items()}


def _signer(code: str, region: str, purpose: str, public: str) -> Change:
    return change(code, grave=True, region=region, purpose=purpose, key=public[:16])
