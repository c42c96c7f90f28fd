"""`huxin trust publish`, `bundle` and `import`: a signed proposal becomes the list; the list becomes one file."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import intake, key_lists, output, status_files, trust_bundle, trust_repository
from huxin.cli import speech
from huxin.cli.options import (
    EXISTING_FILE,
    NEW_FILE,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.cli.trust_files import (
    at_option,
    keys_option,
    moment,
    read_folder,
    read_proposal,
    replace_proposal,
    repository_option,
    unlock,
)
from huxin.kernel.identifiers import parse_region
from huxin.kernel.instants import rfc3339
from huxin.trust.anchors import Anchor
from huxin.trust.ceremony.asked import Asked, asked, missing
from huxin.trust.ceremony.basis import check_base, stands
from huxin.trust.ceremony.draft import with_witnesses
from huxin.trust.ceremony.proposal import Proposal, join_signatures, sign_proposal
from huxin.trust.ceremony.result import result
from huxin.trust.ceremony.statement import fingerprint
from huxin.trust.federation.effective import effective
from huxin.trust.federation.layout import WITNESSED, lifetime
from huxin.trust.federation.listed import Listed
from huxin.trust.federation.radar import Finding, scan
from huxin.trust.federation.repository import Repository, read_list

__all__ = ["bundle", "import_", "publish"]

_LACKING: Final = 3
_MOST_LIST: Final = 50_000_000
_PUBLISH: Final = """\b
Examples 例:
  huxin trust publish join.json --repository list --key qv-witness.key --key qw-witness.key
  huxin trust publish join-from-qv.json join-from-qw.json --repository list --key qv-witness.key

\b
Exit status 退出码: 0 published 已发布 · 3 signatures are lacking 还缺签名 · 1 refused, nothing changed 有问题，没有改动
"""
_BUNDLE: Final = """\b
Examples 例:
  huxin trust bundle --repository list --out list.bundle
  huxin trust bundle --repository list --status qv-1.hxs --status qw-1.hxs --out list.bundle
  huxin trust refresh --from list.bundle --state state
"""
_IMPORT: Final = """\b
Examples 例:
  huxin trust import did.json --region QV --out lists.json
  huxin trust propose publish QV --file lists.json=lists.json --repository list --out lists.proposal.json
"""


@click.command("publish", epilog=_PUBLISH, short_help="Publish a signed proposal. 发布")
@click.argument("paths", nargs=-1, required=True, type=EXISTING_FILE, metavar="FILE...")
@keys_option
@repository_option
@passphrase_option
@at_option
@json_option
@language_option
def publish(
    paths: tuple[Path, ...],
    keys: tuple[Path, ...],
    folder: Path,
    passphrase_file: Path | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Lay the signatures of FILES together, have today's snapshot witnessed by each --key, and publish.

    Where witnesses are lacking, the first FILE carries the snapshot to the next one. What a client of doors would
    refuse is not published. What was cut off is finished by doing it again.

    把几份文件的签名合在一起，用每把 --key 见证今天的快照，然后发布；查验端会拒绝的，不发布。中途断了，再发布一次就接上。
    """
    # It brings TUF's library along, which nothing else here needs.
    from huxin.adapters import trust_check

    now = moment(at)
    with trust_repository.only_publisher(folder):
        proposal = join_signatures(read_proposal(paths[0]), map(read_proposal, paths[1:]))
        trust_repository.forget_unfinished(folder, proposal)
        before = read_folder(folder)
        if before is not None and stands(proposal, before):
            # Cut off after its last file, and done again: it is done.
            _tell_published(before, _count(before), as_json)
            return
        check_base(proposal, before)
        lacking = _lacking(proposal, before, witnesses=False)
        if lacking:
            _tell_lacking(lacking, as_json)
        proposal = _witnessed(proposal, before, now)
        # Witnesses vouch that doors may take this: they look before they sign, and sign nothing else here.
        trust_check.refuse_faults(before, result(proposal, before), now=now)
        wanted = {role: one for role, one in asked(proposal, before).items() if role in WITNESSED}
        for one in keys:
            _, private = unlock(one, passphrase_file)
            proposal, _ = sign_proposal(proposal, private, wanted)
        lacking = _lacking(proposal, before, witnesses=True)
        if lacking:
            replace_proposal(paths[0], proposal)
            _tell_lacking(lacking, as_json, carried=paths[0])
        files = trust_repository.published(proposal)
        after = result(proposal, before)
        number = trust_check.accepted_keys(folder, files, after, now=now)
        # What is about to stand in the folder is first in the file: cut off, it can be finished.
        replace_proposal(paths[0], proposal)
        trust_repository.write_files(folder, files)
    _tell_published(after, number, as_json)


def _count(repository: Repository) -> int:
    return sum(len(one.keys) for one in read_list(repository).keys.values())


def _tell_published(after: Repository, number: int, as_json: bool) -> None:
    version = after.roles["timestamp"].version
    if as_json:
        speech.print_json({"published": True, "version": version, "keys": number})
        return
    speech.console().print(f"✓ {speech.current().say('published', version=version, keys=number)}")


def _witnessed(proposal: Proposal, before: Repository | None, now: datetime) -> Proposal:
    """Return the proposal with a witnesses' part of today: the one it has, while that is the next and young enough."""
    fresh = with_witnesses(proposal, before, now=now)
    held = proposal.metadata.get("timestamp")
    if held is None:
        return fresh
    same = (
        all(
            proposal.metadata[role]["version"] == fresh.metadata[role]["version"]
            for role in WITNESSED
        )
        and proposal.metadata["snapshot"]["meta"] == fresh.metadata["snapshot"]["meta"]
    )
    ends = str(held["expires"])
    half = rfc3339(now + lifetime("timestamp") / 2)
    return proposal if same and ends > half else fresh


def _lacking(proposal: Proposal, before: Repository | None, *, witnesses: bool) -> list[Asked]:
    return [
        one
        for one in missing(proposal, before)
        if one.lacking and (one.role in WITNESSED) is witnesses
    ]


def _tell_lacking(lacking: list[Asked], as_json: bool, carried: Path | None = None) -> None:
    words = speech.current()
    rows = [{"role": one.role, "threshold": one.threshold, "signed": list(one.signed), "open": list(one.open)} for one in lacking]  # fmt: skip
    if as_json:
        speech.print_json({"published": False, "code": "trust-threshold", "lacking": rows})
    else:
        console = speech.console()
        told = words.say("publish-lacking") if carried is None else words.say("publish-witness", path=carried)  # fmt: skip
        console.print(told)
        for one in lacking:
            who = ", ".join(one.signed) or words.say("proposal-nobody")
            values = {"signed": len(one.signed), "threshold": one.threshold, "who": who}
            line = words.say("proposal-asked", role=one.role, open=", ".join(one.open), **values)
            console.print(f"  … {speech.harmless(line)}")
    click.get_current_context().exit(_LACKING)


@click.command("bundle", epilog=_BUNDLE, short_help="The whole list as one file. 打包")
@repository_option
@click.option("--out", type=NEW_FILE, required=True, help="The file to write.")
@click.option(
    "--status",
    "sets",
    type=EXISTING_FILE,
    multiple=True,
    help="Signed status set of a region, whole; may be given several times.",
)
@at_option
@json_option
@language_option
def bundle(
    folder: Path, out: Path, sets: tuple[Path, ...], at: datetime | None, as_json: bool
) -> None:
    """Write trust, rules, status sets and notices as one file for verifiers without a network; the same list is the same bytes.

    What such a verifier would refuse is not packed.

    把清单、规则、状态集合和联盟通报打成一个文件，供离线查验端使用；同一清单打出的字节相同。查验端会拒绝的，不打包。
    """
    # It brings TUF's library along, which nothing else here needs.
    from huxin.adapters import trust_check

    now = moment(at)
    files = trust_repository.files_of(folder)
    trust_check.refuse_unreadable(files, now=now)
    if sets:
        files |= status_files.read_whole(sets, keys=_members_keys(folder, now), now=now)
    data = trust_bundle.pack(files)
    output.write_new(out, data)
    told = {"files": len(files), "size": len(data), "fingerprint": fingerprint(data)}
    if as_json:
        speech.print_json({"bundle": str(out)} | told)
        return
    line = speech.current().say("bundle-made", path=out, **told | {"size": f"{len(data):,}"})
    speech.console().print(line)


def _members_keys(folder: Path, now: datetime) -> tuple[Anchor, ...]:
    """Return the keys of the list in a folder: what no reader of the bundle would take is not packed."""
    before = read_folder(folder)
    return effective(read_list(before), policy=None, now=now) if before is not None else ()


@click.command("import", epilog=_IMPORT, short_help="A list of others as one's statement. 引入清单")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@click.option("--region", required=True, help="The member that states it.")
@click.option("--out", type=NEW_FILE, required=True, help="The file to write.")
@at_option
@json_option
@language_option
def import_(path: Path, region: str, out: Path, at: datetime | None, as_json: bool) -> None:
    """Read a list of others (one DID document) and write it as what REGION states, expired and test keys marked as such.

    读入他人的清单（一份 DID 文档），写成 REGION 的一份陈述；过期和测试密钥都标明。谁也不因此受信。
    """
    now, code = moment(at), parse_region(region)
    keys = key_lists.read(path)
    found = scan(keys, now=now)
    marks = _marks(found.findings)
    document = {
        "huxin": "stated-list",
        "v": 1,
        "by": code,
        "at": rfc3339(now),
        "source": {
            "name": path.name,
            "sha256": sha256(intake.read(path, limit=_MOST_LIST)).hexdigest(),
        },
        "keys": [_stated(key, marks.get(key.place, [])) for key in keys],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    output.write_new(out, text.encode("utf-8"))
    told = {"keys": found.keys, "usable": found.usable, "expired": found.counts["expired"], "test": found.counts["test-key"]}  # fmt: skip
    if as_json:
        speech.print_json({"statement": str(out)} | told)
        return
    speech.console().print(speech.current().say("import-made", path=out, region=code, **told))


def _marks(found: Iterable[Finding]) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = {}
    for one in found:
        marks.setdefault(one.key.place, []).append(one.code)
    return marks


def _stated(key: Listed, marks: list[str]) -> dict[str, Any]:
    return {
        "participant": key.participant,
        "domain": key.domain,
        "usage": key.usage,
        "kid": key.kid,
        "spki": None if key.key is None else base64.b64encode(key.key.spki).decode("ascii"),
        "from": None if key.valid_from is None else rfc3339(key.valid_from),
        "until": None if key.valid_until is None else rfc3339(key.valid_until),
        "marks": marks,
    }
