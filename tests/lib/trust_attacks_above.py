"""Attacks above the regions: by root, timestamp and snapshot, and by what should be over."""

from __future__ import annotations

from tuf.api.metadata import MetaFile

from tests.lib.federations import DAY, HOUR, LIFE, Federation, metadata
from tests.lib.trust_attack import Doing, attack, honest, witnessed

# ------------------------------------------------------------------------------------------- root


@attack("a root that one region of three signed", "trust-threshold")
def _(it: Federation) -> None:
    it.sign("root", by=it.signers["root"][:1])


@attack("a root that two regions of five signed", "trust-threshold", size=5)
def _(it: Federation) -> None:
    it.sign("root", by=it.signers["root"][:2])


@attack("a new root whose own new keys did not sign it", "trust-threshold")
def _(it: Federation) -> None:
    old = list(it.signers["root"])
    for number in range(3):
        it.drop_signer("root")
        it.add_signer("root", it.named(f"stranger {number}", it.regions[number]))
    it.sign("root", by=old)


@attack("a new root that only its own new keys signed", "trust-threshold")
def _(it: Federation) -> None:
    for number in range(3):
        it.drop_signer("root")
        it.add_signer("root", it.named(f"stranger {number}", it.regions[number]))
    it.sign("root")


@attack("a root that skips a version", "trust-rollback")
def _(it: Federation) -> None:
    data = it.sign("root", version=3)
    it.files["metadata/2.root.json"] = data
    del it.files["metadata/3.root.json"]


@attack("the first root once more under the next version's name", "trust-rollback")
def _(it: Federation) -> None:
    it.files["metadata/2.root.json"] = it.first_root()


@attack("a root signed by outsiders", "trust-threshold")
def _(it: Federation) -> None:
    it.sign("root", by=[it.named(f"outsider {number}") for number in range(3)])


@attack("outsiders sign under the members' key ids", "trust-threshold")
def _(it: Federation) -> None:
    ids = [one.public_key.keyid for one in it.signers["root"]]
    it.sign("root", by=[it.named(f"outsider {one}", keyid=one) for one in ids])


@attack("one region's key three times under other ids", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 1)
    it.add_signer("root", it.named("QV root", "QW", keyid="ab" * 32))
    it.sign("root", by=[it.signers["root"][0], it.signers["root"][2], *honest(it, "QW root")])
    witnessed(it)


@attack("one region's key once more in capital digits", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 1)
    twin = it.named("QV root", "QW")
    twin.public_key.keyval["public"] = twin.public_key.keyval["public"].upper()
    twin.public_key.keyid = "cd" * 32
    it.add_signer("root", twin)
    it.sign("root", by=[*it.signers["root"], *honest(it, "QW root")])
    witnessed(it)


@attack("two keys of one region in the root", "trust-keys")
def _(it: Federation) -> None:
    it.add_signer("root", it.named("QV second", "QV"))
    it.sign("root")
    witnessed(it)


@attack("a root key that does not say whose it is", "trust-keys")
def _(it: Federation) -> None:
    it.drop_signer("root", 2)
    it.add_signer("root", it.named("nobody"))
    it.sign("root", by=[*it.signers["root"], *honest(it, "QX root")])
    witnessed(it)


@attack("a root that lets one region decide", "trust-quorum")
def _(it: Federation) -> None:
    it.root.roles["root"].threshold = 1
    it.sign("root")
    witnessed(it)


@attack("a root without consistent snapshots", "trust-missing")
def _(it: Federation) -> None:
    it.root.consistent_snapshot = False
    it.sign("root")
    witnessed(it)


@attack("a root without consistent snapshots, and files to fit", "trust-delegation")
def _(it: Federation) -> None:
    it.root.consistent_snapshot = False
    it.sign("root")
    witnessed(it)
    it.files |= {f"metadata/{role}.json": data for role, data in it.newest.items()}


@attack("a root over which two thirds were expelled by nobody's vote", "trust-quorum")
def _(it: Federation) -> None:
    keep = list(it.signers["root"])
    for _index in (2, 1):
        it.drop_signer("root", 1)
    it.root.roles["root"].threshold = 1
    it.sign("root", by=keep)
    witnessed(it)


# ------------------------------------------------------------------------- timestamp and snapshot


@attack("the timestamp of before, replayed", "trust-rollback")
def _(it: Federation) -> None:
    it.sign("timestamp", version=1)


@attack("a timestamp that one witness of three signed", "trust-threshold")
def _(it: Federation) -> None:
    it.sign("timestamp", by=it.signers["timestamp"][:1])


@attack("a timestamp that three witnesses of five signed", "trust-threshold", size=5)
def _(it: Federation) -> None:
    it.sign("timestamp", by=it.signers["timestamp"][:3])


@attack("a timestamp signed by the charter's keys", "trust-threshold")
def _(it: Federation) -> None:
    it.sign("timestamp", by=it.signers["targets"])


@attack("a newer timestamp that points to an older snapshot", "trust-rollback")
def _(it: Federation) -> None:
    it.signed["snapshot"].version = 1
    it.signed["timestamp"].version += 1
    plain = it.signed["timestamp"].to_dict()
    plain["meta"]["snapshot.json"] = {"version": 1}
    it.files["metadata/timestamp.json"] = metadata(plain, it.signers["timestamp"])


@attack("a timestamp signed earlier than the one that is held", "trust-rollback")
def _(it: Federation) -> None:
    it.sign("timestamp", expires=it.now + LIFE["timestamp"] - 6 * HOUR)


@attack("a snapshot that was changed after the timestamp", "trust-mismatch")
def _(it: Federation) -> None:
    it.sign("region-QV")
    it.sign("snapshot", version=it.signed["snapshot"].version)


@attack("a snapshot of the same length with another content", "trust-mismatch")
def _(it: Federation) -> None:
    data = it.files[snapshot_name(it)]
    changed = data.replace(b'"region-QV.json": {"version": 3}', b'"region-QV.json": {"version": 2}')
    assert changed != data
    it.files[snapshot_name(it)] = changed


def snapshot_name(it: Federation) -> str:
    return f"metadata/{it.signed['snapshot'].version}.snapshot.json"


@attack("a snapshot longer than the timestamp says", "trust-mismatch")
def _(it: Federation) -> None:
    it.files[snapshot_name(it)] += b" "


@attack("one region rolled back inside a validly signed newer snapshot", "trust-rollback")
def _(it: Federation) -> None:
    it.signed["region-QV"].version = 1
    witnessed(it)


@attack("the charter rolled back inside a validly signed newer snapshot", "trust-rollback")
def _(it: Federation) -> None:
    it.signed["targets"].version = 1
    witnessed(it)


@attack("a region dropped from a validly signed newer snapshot", "trust-missing")
def _(it: Federation) -> None:
    it.sign("snapshot", change=lambda plain: plain["meta"].pop("region-QW.json"))
    it.sign("timestamp")


@attack("the emergency role dropped from a newer snapshot", "trust-missing")
def _(it: Federation) -> None:
    it.sign("snapshot", change=lambda plain: plain["meta"].pop("emergency.json"))
    it.sign("timestamp")


@attack("a snapshot signed by two witnesses of five", "trust-threshold", size=5)
def _(it: Federation) -> None:
    it.sign("snapshot", by=it.signers["snapshot"][:2])
    it.sign("timestamp")


@attack("mix and match: a charter of another version under this one's name", "trust-mismatch")
def _(it: Federation) -> None:
    data = it.sign("targets")
    witnessed(it)
    it.files[f"metadata/{it.signed['targets'].version}.targets.json"] = it.files[
        "metadata/1.targets.json"
    ]
    assert data != it.files["metadata/1.targets.json"]


@attack("mix and match: a region's file from a federation of the same name", "trust-threshold")
def _(it: Federation) -> None:
    other = Federation(it.regions, seed="elsewhere ")
    it.signed["region-QV"].version += 1
    it.put("region-QV", other.sign("region-QV", version=it.signed["region-QV"].version))
    witnessed(it)


@attack("mix and match: a snapshot of another version under this one's name", "trust-mismatch")
def _(it: Federation) -> None:
    older = it.files["metadata/2.snapshot.json"]
    it.sign("snapshot")
    it.files[snapshot_name(it)] = older
    it.signed["timestamp"].version += 1
    it.signed["timestamp"].snapshot_meta = MetaFile(it.signed["snapshot"].version)
    plain = it.signed["timestamp"].to_dict()
    it.files["metadata/timestamp.json"] = metadata(plain, it.signers["timestamp"])


# --------------------------------------------------------------------------------------- expiry


def expired(role: str) -> Doing:
    def do(it: Federation) -> None:
        it.sign(role, expires=it.now - DAY)
        if role != "snapshot":
            it.sign("snapshot")
        it.sign("timestamp")

    return do


# A region's own role is another matter: see `test_trust_attacks`, "stops nobody else".
for _role in ("root", "snapshot", "targets", "emergency"):
    attack(f"the role {_role} has expired", "trust-expired")(expired(_role))


@attack("a freeze: nothing new for forty days", "trust-old")
def _(it: Federation) -> None:
    it.now += 40 * DAY


def forever(role: str) -> Doing:
    def do(it: Federation) -> None:
        it.sign(role, expires=it.now + 4000 * DAY)
        if role not in ("snapshot", "timestamp"):
            it.sign("snapshot")
        if role != "timestamp":
            it.sign("timestamp")

    return do


for _role in ("root", "timestamp", "snapshot", "targets", "emergency", "region-QW"):
    attack(f"the role {_role} is signed for ten years", "trust-lifetime")(forever(_role))
