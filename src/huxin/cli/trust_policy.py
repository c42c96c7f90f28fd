"""`huxin trust policy`: what one place decides for itself, drafted, signed by its region's officers, and put in force."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import intake, output, trust_state
from huxin.cli import speech
from huxin.cli.options import (
    EXISTING_FILE,
    NEW_FILE,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.cli.trust_files import FOLDER, keys_option, unlock
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import parse_region
from huxin.trust.ceremony.statement import parse_statement
from huxin.trust.federation.freshness import DEFAULT, Limits
from huxin.trust.federation.policy import (
    MOST_BYTES,
    LocalPolicy,
    draft_policy,
    read_draft,
    sign_policy,
)
from huxin.trust.federation.region_keys import RegionKeys, parse_region_keys

__all__ = ["policy"]

_HOUR: Final = timedelta(hours=1)
_POLICY: Final = """\b
Examples 例:
  huxin trust policy draft --region QV --version 1 --deny-region QX --out policy.json
  huxin trust policy sign policy.json --key qv-officer-1.key --key qv-officer-2.key
  huxin trust policy take policy.json --region QV --state door
  huxin trust policy show --state door
"""
_DRAFT: Final = """\b
Examples 例:
  huxin trust policy draft --region QV --version 2 --deny-region QX --out policy.json
  huxin trust policy draft --region QV --version 3 --accept qa.statement.json --refuse-days 7 --out policy.json
"""
_SIGN: Final = """\b
Examples 例:
  huxin trust policy sign policy.json --key qv-officer-1.key --key qv-officer-2.key
"""
_TAKE: Final = """\b
Examples 例:
  huxin trust policy take policy.json --region QV --state door

\b
Exit status 退出码: 0 in force 已生效 · 1 refused, nothing changed 有问题，没有改动
"""
_SHOW: Final = """\b
Examples 例:
  huxin trust policy show policy.json
  huxin trust policy show --state door --json
"""


@click.group("policy", epilog=_POLICY, short_help="What this place decides for itself. 本地决定")
def policy() -> None:
    """Decide for one place whom it does not believe, whom it believes besides, and how old a list may be.

    A policy is never part of the shared list. It counts once enough officers of the place's own region have signed it.

    本处自行决定不信谁、另外信谁、清单可以多旧。不进共同清单；本区域足够多的签字员签了才算数。
    """


@policy.command("draft", epilog=_DRAFT, short_help="Write a policy. 起草")
@click.option("--region", required=True, metavar="CODE", help="The place's own region.")
@click.option("--version", type=click.IntRange(1), required=True, help="Higher than the last one.")
@click.option("--deny-region", multiple=True, metavar="CODE", help="A region not believed here.")
@click.option("--deny-key", multiple=True, metavar="SHA256", help="A key not believed here: SHA-256 of its SPKI.")  # fmt: skip
@click.option(
    "--accept",
    type=EXISTING_FILE,
    multiple=True,
    help="A region believed besides: its statement, or its file of keys.",
)
@click.option("--stale-hours", type=click.IntRange(1, 48), help="From when a list is old.")
@click.option("--warn-days", type=click.IntRange(1, 14), help="From when that is to be seen.")
@click.option("--refuse-days", type=click.IntRange(1, 30), help="From when it is not used.")
@click.option("--out", type=NEW_FILE, required=True, help="The file to write.")
@json_option
@language_option
def draft(out: Path, as_json: bool, **given: Any) -> None:
    """Write a policy to be signed; it is stricter than what holds for everybody, or believes somebody besides.

    写一份待签的本地决定。
    """
    found = LocalPolicy(
        parse_region(given["region"]),
        given["version"],
        frozenset(parse_region(one) for one in given["deny_region"]),
        frozenset(_digest(one) for one in given["deny_key"]),
        tuple(_accepted(one) for one in given["accept"]),
        _limits(given),
    )
    data = draft_policy(found)
    # What could not be read again is not written.
    read_draft(data)
    output.write_new(out, data)
    _told(found, signatures=0, as_json=as_json)


@policy.command("sign", epilog=_SIGN, short_help="Sign a policy. 签名")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@keys_option
@passphrase_option
@json_option
@language_option
def sign(path: Path, keys: tuple[Path, ...], passphrase_file: Path | None, as_json: bool) -> None:
    """Sign a policy with each --key, an officer's; the signatures are added to FILE.

    用每把签字员密钥签一份本地决定；签名加进 FILE。
    """
    if not keys:
        raise click.UsageError("no --key to sign with")
    data = intake.read(path, limit=MOST_BYTES)
    found, _ = read_draft(data)
    opened = []
    for one in keys:
        key, private = unlock(one, passphrase_file)
        if (key.region, key.purpose) != (found.region, "officer"):
            raise RefusalError("trust-keys", f"{one.name}: not an officer's key of {found.region}")
        opened.append(private)
    signed = sign_policy(data, opened)
    try:
        output.replace(path, signed, private=False)
    except OSError as error:
        raise output.refusal(error, path.name) from error
    _told(found, signatures=read_draft(signed)[1], as_json=as_json)


@policy.command("take", epilog=_TAKE, short_help="Put a policy in force here. 生效")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@click.option("--region", required=True, metavar="CODE", help="The place's own region.")
@click.option("--state", type=FOLDER, required=True, help="What this place holds of the list.")
@click.option(
    "--officer",
    "keys",
    multiple=True,
    metavar="KEY",
    help="Public key of an officer (64 hex digits), where the region is no member of the list.",
)
@json_option
@language_option
def take(path: Path, region: str, state: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Put a signed policy in force at the place whose STATE this is; an older version is refused.

    让已签的本地决定在本处生效；比现行更旧的版本不收。
    """
    data = intake.read(path, limit=MOST_BYTES)
    found = trust_state.take_policy(
        state, data, region=parse_region(region), keys=tuple(map(_public, keys))
    )
    _told(found, signatures=read_draft(data)[1], as_json=as_json)


@policy.command("show", epilog=_SHOW, short_help="Show a policy. 查看")
@click.argument("path", type=EXISTING_FILE, metavar="[FILE]", required=False)
@click.option("--state", type=FOLDER, help="The policy in force at this place.")
@json_option
@language_option
def show(path: Path | None, state: Path | None, as_json: bool) -> None:
    """Say what a policy decides: that of a FILE, or the one in force at a place.

    说清一份本地决定的内容：文件里的，或本处现行的。
    """
    if (path is None) == (state is None):
        raise click.UsageError("Which policy? Give FILE or --state DIR.")
    if path is not None:
        found, signatures = read_draft(intake.read(path, limit=MOST_BYTES))
        _told(found, signatures=signatures, as_json=as_json)
        return
    assert state is not None
    held = trust_state.read_held(state)
    own = held.policy() if held is not None else None
    if own is None:
        raise RefusalError("trust-missing", "no policy is in force here")
    _told(own, signatures=None, as_json=as_json)


def _digest(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise RefusalError("bad-input", f"{text[:70]}: not a SHA-256 in hexadecimal digits")
    return found


def _public(text: str) -> PublicKey:
    try:
        return PublicKey.from_compact("EdDSA", bytes.fromhex(text))
    except (ValueError, UnusableKeyError) as error:
        raise RefusalError("bad-input", f"{text[:70]}: not an Ed25519 key") from error


def _accepted(path: Path) -> RegionKeys:
    """Read a region's own statement, or its keys as the shared list carries them."""
    data = intake.read(path, limit=MOST_BYTES)
    if data.lstrip()[:1] == b"{":
        return parse_statement(data).signing
    try:
        return parse_region_keys(data)
    except RefusalError as error:
        raise RefusalError(
            "trust-file", f"{path.name}: no statement and no keys of a region"
        ) from error


def _limits(given: dict[str, Any]) -> Limits:
    """Return how old a list may be; what is not given is as for everybody, and never later than what follows."""
    refuse = timedelta(days=given["refuse_days"]) if given["refuse_days"] else DEFAULT.refuse
    warn = timedelta(days=given["warn_days"]) if given["warn_days"] else min(DEFAULT.warn, refuse)
    hours = given["stale_hours"]
    stale = hours * _HOUR if hours else min(DEFAULT.stale, warn)
    return Limits(stale, warn, refuse)


def _told(found: LocalPolicy, *, signatures: int | None, as_json: bool) -> None:
    told = {
        "region": found.region,
        "version": found.version,
        "deny": {
            "regions": sorted(found.deny_regions),
            "keys": sorted(one.hex() for one in found.deny_keys),
        },
        "accept": [{"region": one.region, "keys": len(one.keys)} for one in found.accept],
        "freshness": {
            "stale_hours": found.limits.stale // _HOUR,
            "warn_days": found.limits.warn.days,
            "refuse_days": found.limits.refuse.days,
        },
        "signatures": signatures,
    }
    if as_json:
        speech.print_json(told)
        return
    for line in _lines(found, signatures):
        speech.console().print(speech.harmless(line), soft_wrap=True)


def _lines(found: LocalPolicy, signatures: int | None) -> list[str]:
    say = speech.current().say
    lines = [say("policy-name", region=found.region, version=found.version)]
    lines += [say("policy-deny-region", region=one) for one in sorted(found.deny_regions)]
    lines += [say("policy-deny-key", digest=one.hex()) for one in sorted(found.deny_keys)]
    lines += [say("policy-accept", region=one.region, keys=len(one.keys)) for one in found.accept]
    if len(lines) == 1:
        lines.append(say("policy-nothing"))
    limits = found.limits
    lines.append(
        say(
            "policy-limits",
            hours=limits.stale // _HOUR,
            warn=limits.warn.days,
            refuse=limits.refuse.days,
        )
    )
    state = (
        say("policy-in-force") if signatures is None else say("policy-signed", number=signatures)
    )
    return [*lines, state]
