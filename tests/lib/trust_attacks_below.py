"""Attacks below: by regions, charter and emergency role, by bare bytes, by other algorithms and ids."""

from __future__ import annotations

import json

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TargetFile

from tests.lib.federations import Federation, document, key_row
from tests.lib.trust_attack import Doing, Plain, attack, honest, witnessed

# -------------------------------------------------------------------- regions, charter, emergency


@attack("one officer of three signs for the region", "trust-threshold")
def _(it: Federation) -> None:
    it.set_keys("QV", "thief")
    it.sign("region-QV", by=it.signers["region-QV"][:1])
    witnessed(it)


@attack("one officer signs twice under two ids", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("region-QV", 1)
    it.add_signer("region-QV", it.named("QV officer 0", keyid="ef" * 32))
    it.sign("targets")
    it.sign("region-QV", by=it.signers["region-QV"][::2])
    witnessed(it)


@attack("officers of one region sign for another", "trust-threshold")
def _(it: Federation) -> None:
    it.set_keys("QW", "thief")
    it.sign("region-QW", by=it.signers["region-QV"])
    witnessed(it)


@attack("a region with two officers only", "trust-quorum")
def _(it: Federation) -> None:
    it.drop_signer("region-QV")
    it.sign("targets")
    it.sign("region-QV")
    witnessed(it)


def lists(role: str, path: str, content: bytes) -> Doing:
    def do(it: Federation) -> None:
        it.put_target(path, content)
        file = TargetFile.from_data(path, content, ["sha256"]).to_dict()
        it.sign(role, change=lambda plain: plain["targets"].update({path: file}))
        witnessed(it)

    return do


attack("a region writes into another's folder", "trust-namespace")(
    lists("region-QV", "QW/keys.cbor", b"stolen")
)
attack("a region writes the members", "trust-namespace")(
    lists("region-QV", "federation/members.json", b"{}")
)
attack("the charter writes a region's keys", "trust-namespace")(
    lists("targets", "QV/keys.cbor", b"stolen")
)
attack("the emergency role writes keys", "trust-namespace")(
    lists("emergency", "QV/keys.cbor", b"stolen")
)
attack("a path that leads out of the folder", "trust-namespace")(
    lists("region-QV", "QV/../../keys.cbor", b"stolen")
)


@attack("the charter lets a region write everywhere", "trust-delegation")
def _(it: Federation) -> None:
    it.delegated("region-QV").paths = ["*"]
    it.sign("targets")
    witnessed(it)


@attack("the charter delegates to a role of nobody", "trust-delegation")
def _(it: Federation) -> None:
    it.delegate("helpers", ["helpers/*"], 2)
    for number in range(3):
        it.add_signer("helpers", it.named(f"helper {number}", it.regions[number]))
    it.publish("targets", "helpers")


@attack("a region delegates on", "trust-delegation")
def _(it: Federation) -> None:
    it.sign(
        "region-QV",
        change=lambda plain: plain.update({"delegations": {"keys": {}, "roles": []}}),
    )
    witnessed(it)


@attack("a charter that one region of three signed", "trust-threshold")
def _(it: Federation) -> None:
    it.sign("targets", by=it.signers["targets"][:1])
    witnessed(it)


@attack("a suspension that one region of three signed", "trust-threshold")
def _(it: Federation) -> None:
    it.suspend("alarm", "QW")
    it.sign("emergency", by=it.signers["emergency"][:1])
    witnessed(it)


@attack("a suspension that adds a key", "trust-file")
def _(it: Federation) -> None:
    it.suspend("gift", "QW", add=[1, 2, 3])
    it.sign("emergency")
    witnessed(it)


@attack("a suspension dated a month ahead, so that it lapses later", "trust-lifetime")
def _(it: Federation) -> None:
    it.suspend("long", "QW", since="2026-12-30T00:00:00Z")
    it.sign("emergency")
    witnessed(it)


@attack("un-revocation: a tombstone is taken away", "trust-tombstone")
def _(it: Federation) -> None:
    it.set_keys("QX", "QX key 2")
    it.publish("region-QX")


@attack("un-revocation: a buried key is back, beside its tombstone", "trust-tombstone")
def _(it: Federation) -> None:
    it.set_keys("QX", "QX key 1", "QX key 2", graves=("QX key 1",))
    it.publish("region-QX")


@attack("un-revocation: the region leaves its folder empty", "trust-tombstone")
def _(it: Federation) -> None:
    del it.contents["QX/keys.cbor"]
    it.publish("region-QX")


@attack("two regions claim one key", "trust-keys")
def _(it: Federation) -> None:
    it.set_keys("QW", "QW key 1", "QV key 1")
    it.publish("region-QW")


@attack("a key for a million cards", "trust-caps")
def _(it: Federation) -> None:
    rows = [key_row("greedy", cap=1_000_000)]
    it.set_keys("QV", keys=rows)
    it.publish("region-QV")


@attack("a test key among those in use", "trust-environment")
def _(it: Federation) -> None:
    it.set_keys("QV", "QV key 1", environment="test")
    it.publish("region-QV")


@attack("keys of another region in the folder", "trust-file")
def _(it: Federation) -> None:
    it.contents["QV/keys.cbor"] = it.contents["QW/keys.cbor"]
    it.publish("region-QV")


@attack("the members are gone", "trust-file")
def _(it: Federation) -> None:
    del it.contents["federation/members.json"]
    it.publish("targets")


@attack("a field that nobody knows in the charter", "trust-file")
def _(it: Federation) -> None:
    whole = json.loads(it.contents["federation/charter.json"])
    it.contents["federation/charter.json"] = document(**whole | {"kind": "charter", "owner": "QV"})
    it.publish("targets")


# ------------------------------------------------------------------------------------ bare bytes


def newest(it: Federation, start: str) -> str:
    """The name of the newest file that begins so."""
    return max((name for name in it.files if start in name), key=lambda name: (len(name), name))


@attack("a region's keys were changed on the way", "trust-mismatch")
def _(it: Federation) -> None:
    it.set_keys("QV", "QV key 3")
    it.publish("region-QV")
    data = it.contents["QV/keys.cbor"]
    it.put_target("QV/keys.cbor", data[:-1] + bytes([data[-1] ^ 1]), of=data)


@attack("a region's keys with bytes after their end", "trust-mismatch")
def _(it: Federation) -> None:
    it.set_keys("QV", "QV key 3")
    it.publish("region-QV")
    data = it.contents["QV/keys.cbor"]
    it.put_target("QV/keys.cbor", data + bytes(100), of=data)


@attack("a region's keys, cut short", "trust-mismatch")
def _(it: Federation) -> None:
    it.set_keys("QV", "QV key 3")
    it.publish("region-QV")
    data = it.contents["QV/keys.cbor"]
    it.put_target("QV/keys.cbor", data[:50], of=data)


@attack("a region's keys are not there", "trust-missing")
def _(it: Federation) -> None:
    it.set_keys("QV", "QV key 3")
    it.publish("region-QV")
    it.files = {name: data for name, data in it.files.items() if not name.startswith("targets/QV/")}


@attack("a region's metadata is not there", "trust-missing")
def _(it: Federation) -> None:
    it.publish("region-QV")
    del it.files[f"metadata/{it.signed['region-QV'].version}.region-QV.json"]


@attack("there is no timestamp", "trust-missing")
def _(it: Federation) -> None:
    del it.files["metadata/timestamp.json"]


def cut(role: str) -> Doing:
    def do(it: Federation) -> None:
        it.publish(*({role} - {"snapshot", "timestamp"}))
        name = "timestamp.json" if role == "timestamp" else f"{it.signed[role].version}.{role}.json"
        it.files[f"metadata/{name}"] = it.files[f"metadata/{name}"][:-40]

    return do


for _role in ("root", "timestamp", "snapshot", "targets", "emergency", "region-QV"):
    attack(f"the file of {_role}, cut short", "trust-file")(cut(_role))


@attack("an empty timestamp", "trust-file")
def _(it: Federation) -> None:
    it.files["metadata/timestamp.json"] = b""


@attack("endless data for a timestamp", "too-big")
def _(it: Federation) -> None:
    it.files["metadata/timestamp.json"] += b" " * 20_000


@attack("endless data for a root", "too-big")
def _(it: Federation) -> None:
    it.sign("root")
    it.files["metadata/2.root.json"] += b" " * 2_000_000


@attack("a file that its region says is a terabyte", "too-big")
def _(it: Federation) -> None:
    it.sign(
        "region-QV", change=lambda plain: plain["targets"]["QV/keys.cbor"].update(length=10**12)
    )
    witnessed(it)


@attack("a version beyond what a browser can count", "trust-file")
def _(it: Federation) -> None:
    it.sign("timestamp", version=2**60)


@attack("a snapshot in the place of the timestamp", "trust-file")
def _(it: Federation) -> None:
    it.files["metadata/timestamp.json"] = it.newest["snapshot"]


@attack("a field that stands twice in the timestamp", "trust-file")
def _(it: Federation) -> None:
    data = it.files["metadata/timestamp.json"]
    it.files["metadata/timestamp.json"] = data.replace(b'"_type":', b'"_type": "root", "_type":')


@attack("a number with a point in a region's file", "trust-file")
def _(it: Federation) -> None:
    def change(plain: Plain) -> None:
        plain["x-weight"] = 1

    data = it.sign("region-QV", change=change)
    it.put("region-QV", data.replace(b'"x-weight": 1', b'"x-weight": 1.0'))
    witnessed(it)


@attack("lists nested ten thousand deep", "trust-file")
def _(it: Federation) -> None:
    it.files["metadata/timestamp.json"] = b'{"signed": ' + b"[" * 8_000


# ----------------------------------------------------------------------- other algorithms and ids


def confused(kind: str) -> CryptoSigner:
    if kind == "rsa":
        return CryptoSigner(rsa.generate_private_key(65537, 2048))
    return CryptoSigner(ec.generate_private_key(ec.SECP256R1()))


def other_algorithm(kind: str, *, signs: bool) -> Doing:
    def do(it: Federation) -> None:
        it.drop_signer("root", 2)
        stranger = confused(kind)
        stranger.public_key.unrecognized_fields["x-huxin-region"] = "QX"
        it.add_signer("root", stranger)
        by = [*it.signers["root"][:2], *honest(it, "QX root")]
        # Done by hand, since RSA signs in another way each time.
        it.sign("root", by=[*by, stranger] if signs else by, change=lambda _: None)
        witnessed(it)

    return do


attack("an RSA key among the root's", "trust-keys")(other_algorithm("rsa", signs=False))
attack("an ECDSA key among the root's", "trust-keys")(other_algorithm("ec", signs=False))
attack("a signature that is not Ed25519's", "trust-file")(other_algorithm("rsa", signs=True))


@attack("an Ed25519 key that calls itself something else", "trust-file")
def _(it: Federation) -> None:
    it.drop_signer("root", 2)
    odd = it.named("QX odd", "QX")
    odd.public_key.scheme = "ed25519ph"
    it.add_signer("root", odd)
    it.sign("root", by=[*it.signers["root"][:2], *honest(it, "QX root")])
    witnessed(it)


@attack("a key of small order, for which everybody can sign", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 2)
    weak = it.named("QX weak", "QX", keyid="00" * 32)
    weak.public_key.keyval["public"] = "01" + "00" * 31
    it.add_signer("root", weak)
    it.sign("root", by=[*it.signers["root"][:2], *honest(it, "QX root")])
    witnessed(it)


@attack("a key id that is not the digest of its key", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 2)
    it.add_signer("root", it.named("QX root", "QX", keyid="12" * 32))
    it.sign("root", by=[*it.signers["root"], *honest(it, "QX root")])
    witnessed(it)


@attack("the charter's key also for the root", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 2)
    it.add_signer("root", it.named("QX targets", "QX"))
    it.sign("root", by=[*it.signers["root"], *honest(it, "QX root")])
    witnessed(it)
