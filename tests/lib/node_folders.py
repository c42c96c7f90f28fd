"""A node's folder for tests: 苇洲 with a fixed key, and 灯湾's key on its trust list."""

import functools
from datetime import UTC, datetime
from pathlib import Path

from huxin.adapters import key_file, node_folder, trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.kernel.crypto import PrivateKey

PASSPHRASE = "a passphrase of tests"
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
NAMES = {
    "QV": ("灯湾", "Lantern Bay"),
    "QW": ("苇洲", "Reed Isles"),
    "QX": ("云渡", "Cloud Ferry"),
    "XA": ("松岬", "Pine Cape"),
    "XB": ("白汀", "White Strand"),
}


def private_key(region: str) -> PrivateKey:
    return PrivateKey.from_secret(region.encode() * 16)


def description(region: str) -> KeyDescription:
    key = private_key(region).public
    return KeyDescription(region, "test", ("huxin", "icvp", "dcc"), BEGIN, END, key)


@functools.cache
def locked(region: str) -> bytes:
    return key_file.lock(description(region), private_key(region), PASSPHRASE)


def about_node(
    region: str = "QW", *, environment: str = "test", origin: str = "http://testserver"
) -> dict[str, str]:
    zh, en = NAMES[region]
    return {
        "region": region, "name": zh, "name_en": en, "operator": f"{zh}卫生服务中心",
        "operator_en": f"{en} Health Centre", "environment": environment,
        "time_zone": "Asia/Shanghai", "origin": origin,
    }  # fmt: skip


def make_node(
    folder: Path,
    region: str = "QW",
    *,
    environment: str = "test",
    trusts: tuple[str, ...] = ("QW", "QV"),
    origin: str = "http://testserver",
) -> None:
    about = about_node(region, environment=environment, origin=origin)
    node_folder.make(folder, about, passphrase=PASSPHRASE, chance=lambda n: b"\x07" * n)
    (folder / "keys" / f"{region}-1.key").write_bytes(locked(region))
    entries = [trust_file.entry_of(description(one)) for one in trusts]
    (folder / "trust.json").write_text(trust_file.write(entries), "utf-8")
