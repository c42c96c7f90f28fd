"""Trust lists, spoilt by chance in every layer: text, signatures, keys, versions, ends, documents, files, bundles, clocks.

    case = spoilt(random.Random("a seed"), "a title")          a line of the door: an honest list, a spoilt one, an honest one

Most of what is changed is signed again by those whose keys it takes, so that it reaches what is asked after signatures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Any, Final

import cbor2
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner

from tests.lib.federations import DAY, HOUR, REGIONS, Federation, text
from tests.lib.second_refresh import Shown
from tests.lib.spoilt_bundles import show, show_policy
from tests.lib.spoilt_values import WEAK, changed, other_bytes

__all__ = ["KINDS", "spoilt"]

WITNESSES: Final = ("snapshot", "timestamp")


@lru_cache(maxsize=8)
def _world(size: int) -> Federation:
    """A federation in its second edition; where there are three, one has buried a key."""
    federation = Federation(size)
    if size >= 3:
        federation.set_keys("QX", "QX key 2", graves=("QX key 1",))
    federation.publish("targets", "emergency", *(f"region-{one}" for one in federation.regions))
    return federation


class Spoiler:
    """Whoever changes a federation's next edition, by chance."""

    def __init__(self, chance: Random, federation: Federation) -> None:
        self.chance, self.it = chance, federation
        self.root = federation.first_root()

    # ------------------------------------------------------------------------------------- signatures

    def role(self) -> str:
        return self.chance.choice([*self.it.signed, "region-QV", "targets", "root"])

    def written(self, signed: dict[str, Any], by: list[CryptoSigner]) -> bytes:
        """A file of metadata, in one of the ways in which JSON may be written."""
        try:
            message = (encode_canonical(signed) or "").encode()
        except Exception:  # noqa: BLE001  # what cannot be signed is served all the same
            message = b"nothing"
        signatures = [{"keyid": one.public_key.keyid, "sig": one.sign(message).signature} for one in by]  # fmt: skip
        whole = {"signatures": signatures, "signed": signed}
        if self.chance.random() < 0.5:
            return json.dumps(whole, sort_keys=True).encode()
        ascii_only, indent = self.chance.random() < 0.5, self.chance.choice((None, 1))
        return json.dumps(whole, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace")

    def sign(self, role: str, change: Callable[[dict[str, Any]], Any] | None = None) -> None:
        """Sign a role anew, one version on, after something was done to what it says."""
        it = self.it
        it.sign(role)
        plain = it.signed[role].to_dict()
        if change is not None:
            done = change(plain)
            plain = done if isinstance(done, dict) else plain
        it.put(role, self.written(plain, it.signers[role]))

    def witnessed(self) -> None:
        """Let the witnesses sign what stands there; now and then only one of them, or with lengths and digests."""
        self.it.detailed = self.chance.random() < 0.3
        for role in WITNESSES:
            self.it.sign(role)

    # ------------------------------------------------------------------------------------ what is done

    def metadata(self) -> None:
        role = self.role()
        self.sign(role, lambda plain: changed(self.chance, plain, self.chance.choice((1, 1, 2))))
        if role not in WITNESSES:
            self.it.sign("snapshot")
        if role != "timestamp":
            self.it.sign("timestamp")

    def delegations(self) -> None:
        def change(plain: dict[str, Any]) -> None:
            plain["delegations"] = changed(
                self.chance, plain["delegations"], self.chance.choice((1, 2))
            )

        self.sign("targets", change)
        self.witnessed()

    def keys_of_a_role(self) -> None:
        role = self.chance.choice(("root", "targets"))

        def change(plain: dict[str, Any]) -> None:
            keys = plain["keys"] if role == "root" else plain["delegations"]["keys"]
            keyid = self.chance.choice(sorted(keys))
            value = keys[keyid]["keyval"]
            value["public"] = self.chance.choice((
                value["public"].upper(), WEAK, "ff" * 32, value["public"] + " ", " " + value["public"], value["public"][:-2],
                value["public"][:-1] + "g", keys[self.chance.choice(sorted(keys))]["keyval"]["public"],
            ))  # fmt: skip
            if self.chance.random() < 0.3:
                keys[self.chance.choice(("ab" * 32, keyid.upper(), "k"))] = keys.pop(keyid)

        self.sign(role, change)
        self.witnessed()

    def documents(self) -> None:
        path = self.chance.choice(["federation/charter.json", "federation/members.json", "federation/suspensions.json"])  # fmt: skip
        if path.endswith("suspensions.json") and self.chance.random() < 0.8:
            self.suspension()
        whole = json.loads(self.it.contents[path])
        if self.chance.random() < 0.8:
            whole = changed(self.chance, whole, self.chance.choice((1, 1, 2)))
        self.it.contents[path] = json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")
        self._publish(self.it.carrier(path))

    def suspension(self) -> None:
        hours = self.chance.choice((-24 * 40, -24 * 20, -24 * 14, -1, 0, 1, 300))
        since = text(self.it.now + timedelta(hours=hours))
        self.it.suspend("alarm", self.chance.choice(REGIONS[:3]), since=since)
        self._publish("emergency")

    def members(self) -> None:
        region = self.chance.choice(self.it.regions)
        since = text(self.it.now + self.chance.choice((-1, 0, 1)) * self.chance.choice((HOUR, DAY)))
        self.it.set_members(**{region: {
            "standing": self.chance.choice(("probation", "active", "verify-only")), "since": since,
            "environment": self.chance.choice(("production", "production", "test")),
        }})  # fmt: skip
        self._publish("targets")

    def keys_of_a_region(self) -> None:
        region = self.chance.choice(self.it.regions)
        path = f"{region}/keys.cbor"
        whole = cbor2.loads(self.it.contents[path])
        if self.chance.random() < 0.3:
            names = self.chance.sample([f"{region} key {number}" for number in range(1, 7)], 3)
            self.it.set_keys(region, *names[:2], graves=names[self.chance.choice((1, 2, 3)) :])
        else:
            try:
                self.it.contents[path] = cbor2.dumps(changed(self.chance, whole), canonical=self.chance.random() < 0.8)  # fmt: skip
            except (cbor2.CBORError, TypeError, ValueError):
                self.it.contents[path] = b""
        self._publish(f"region-{region}")

    def _publish(self, role: str) -> None:
        self.it.sign(role)
        self.witnessed()

    def signatures(self) -> None:
        role = self.role()
        self.it.sign(role)
        whole = json.loads(self.it.newest[role])
        found = whole["signatures"]
        way = self.chance.choice(("drop", "twice", "swap", "strange", "capital", "cut", "rename", "any"))  # fmt: skip
        one = self.chance.choice(found)
        if way == "drop":
            del found[: self.chance.randrange(1, len(found) + 1)]
        elif way == "twice":
            found.append(dict(one))
        elif way == "swap":
            one["sig"], found[0]["sig"] = found[0]["sig"], one["sig"]
        elif way == "strange":
            one["sig"] = self.it.named("stranger").sign(b"x").signature
        elif way == "capital":
            one["sig"] = one["sig"].upper()
        elif way == "cut":
            one["sig"] = one["sig"][: self.chance.choice((0, 126, 127))]
        elif way == "rename":
            one["keyid"] = self.chance.choice(("ab" * 32, one["keyid"].upper(), found[0]["keyid"]))
        else:
            whole["signatures"] = changed(self.chance, found)
        self.it.put(role, json.dumps(whole).encode())
        for witness in WITNESSES[WITNESSES.index(role) + 1 if role in WITNESSES else 0 :]:
            self.it.sign(witness)

    def other_signers(self) -> None:
        role = self.role()
        number = self.chance.randrange(3)
        strangers = [self.it.named(f"stranger {one}", self.it.regions[0]) for one in range(number)]
        signers = self.it.signers[role]
        by = [*self.chance.sample(signers, self.chance.randrange(len(signers) + 1)), *strangers]
        self.it.sign(role, by=by or signers[:1])
        for witness in WITNESSES[WITNESSES.index(role) + 1 if role in WITNESSES else 0 :]:
            self.it.sign(witness)

    def new_keys(self) -> None:
        """Keys of a role are changed, as they may be; and now and then a version goes back with them."""
        role = self.chance.choice([*self.it.signers])
        before = list(self.it.signers["root"])
        region = self.chance.choice(self.it.regions)
        for one in (WITNESSES if role in WITNESSES else (role,)):  # fmt: skip
            for _ in range(self.chance.choice((1, len(self.it.signers[one])))):
                owner = self.it.drop_signer(one).public_key.unrecognized_fields.get(
                    "x-huxin-region"
                )
                self.it.add_signer(one, self.it.named(f"{one} new {self.chance.random()}", owner))
        if role in ("root", *WITNESSES, "targets"):
            by = {one.public_key.keyid: one for one in (*before, *self.it.signers["root"])}
            self.it.sign("root", by=list(by.values()))
        self.it.sign("targets")
        carried = role if role not in ("root", "targets", *WITNESSES) else f"region-{region}"
        version = self.chance.choice((None, 1, 1, 2))
        self.it.sign(carried, version=version)
        for witness in WITNESSES:
            self.it.sign(witness, version=self.chance.choice((None, None, 1)))

    def versions(self) -> None:
        role = self.role()
        held = self.it.signed[role].version
        self.it.sign(
            role, version=self.chance.choice((1, held, held + 1, held + 2, 2**31, 2**53 - 1))
        )
        for witness in WITNESSES[WITNESSES.index(role) + 1 if role in WITNESSES else 0 :]:
            self.it.sign(witness)

    def ends(self) -> None:
        role = self.role()
        about = self.chance.choice(
            (-DAY, timedelta(), HOUR, 2 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY)
        )
        slack = timedelta(seconds=self.chance.choice((-1, 0, 1, 299, 300, 301, 3600, 3601)))
        self.it.sign(role, expires=self.it.now + about + slack)
        for witness in WITNESSES[WITNESSES.index(role) + 1 if role in WITNESSES else 0 :]:
            self.it.sign(witness)

    def files(self) -> None:
        self._next_edition()
        files = self.it.files
        one, other = self.chance.choice(sorted(files)), self.chance.choice(sorted(files))
        way = self.chance.choice(("drop", "swap", "copy", "drop all"))
        if way == "drop":
            del files[one]
        elif way == "swap":
            files[one], files[other] = files[other], files[one]
        elif way == "copy":
            files[one] = files[other]
        else:
            kind = one.partition("/")[0]
            self.it.files = {
                name: data for name, data in files.items() if not name.startswith(kind)
            }

    def one_file(self) -> None:
        self._next_edition()
        name = self.chance.choice(sorted(self.it.files))
        self.it.files[name] = other_bytes(self.chance, self.it.files[name])

    def _next_edition(self) -> None:
        if self.chance.random() < 0.7:
            self.it.set_keys("QV", "QV key 1", "QV key 3")
            self._publish("region-QV")

    def nothing(self) -> None:
        self._next_edition()


KINDS: Final = (
    "metadata", "metadata", "metadata", "delegations", "delegations", "keys_of_a_role", "documents", "documents", "suspension",
    "members", "keys_of_a_region", "keys_of_a_region", "signatures", "other_signers", "new_keys", "versions", "ends", "files",
    "one_file", "nothing",
)  # fmt: skip


def spoilt(chance: Random, title: str) -> dict[str, Any]:
    """A case: what a door holds, what it is shown then, and what honest members go on with."""
    honest = _world(chance.choice((1, 2, 3, 3))).copy()
    shown = Shown(title, environment=chance.choice(("production", "test")))
    root = honest.first_root() if chance.random() < 0.5 else None
    if chance.random() < 0.8:
        shown.files(honest.files, at=honest.now + HOUR, root=root)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        show_policy(chance, shown, at=honest.now + HOUR)
    federation = honest.copy()
    federation.now += chance.choice((1, 2, 48)) * HOUR
    spoiler = Spoiler(chance, federation)
    for _ in range(chance.choice((1, 1, 1, 2))):
        getattr(spoiler, chance.choice(KINDS))()
    show(chance, federation.files, shown, now=federation.now, root=honest.first_root())
    if chance.random() < 0.4:
        honest.publish("region-QV", later=chance.choice((3, 50)) * HOUR)
        shown.files(honest.files, at=honest.now + HOUR)
    return shown.case
