"""A region's federation keys, made together with the statement with which it founds or joins.

    made = make("QV", {"zh": …, "en": …}, signing, now=now)     in memory
    write(folder, made, passphrase)                              a file each: qv-root.key … qv.statement.json

Responsible for what `huxin trust init` and the demo both do.  Leaves the form of one key file to `federation_key`.

- every purpose has a key of its own, in a file of its own, for one person to keep;
- a folder in which anything is stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from huxin.adapters import federation_key, output
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.sealed_document import check_passphrase
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.statement import (
    LEAST_OFFICERS,
    PURPOSES,
    Statement,
    public_hex,
    write_statement,
)
from huxin.trust.federation.charter import DEFAULT_CAPS, Caps
from huxin.trust.federation.region_keys import RegionKeys, SigningKey

__all__ = ["Made", "key_path", "listed", "make", "write"]


@dataclass(frozen=True, slots=True)
class Made:
    """A region's private federation keys by name (`root` … `officer-3`), and its statement, as a value and as signed."""

    keys: Mapping[str, PrivateKey] = field(repr=False)
    statement: Statement
    written: bytes = field(repr=False)


def make(
    region: str,
    name: Mapping[str, str],
    signing: RegionKeys,
    *,
    now: datetime,
    officers: int = LEAST_OFFICERS,
) -> Made:
    """Make the keys of a region and its signed statement; `signing` are the keys that sign its cards."""
    keys = {purpose: PrivateKey.generate("EdDSA") for purpose in PURPOSES}
    keys |= {f"officer-{number}": PrivateKey.generate("EdDSA") for number in range(1, officers + 1)}
    statement = Statement(
        region,
        name,
        signing.environment,
        now,
        {purpose: public_hex(keys[purpose].public) for purpose in PURPOSES},
        tuple(public_hex(key.public) for one, key in keys.items() if one not in PURPOSES),
        signing,
    )
    return Made(keys, statement, write_statement(statement, keys["root"]))


def key_path(folder: Path, region: str, name: str) -> Path:
    """Return where a key of a region lies in its folder."""
    return folder / f"{region.lower()}-{name}.key"


def write(folder: Path, made: Made, passphrase: str) -> Path:
    """Write keys and statement into a new or empty folder; return the statement's path.

    Refuses with `exists`, `bad-input` or `no-space`.
    """
    region, environment = made.statement.region, made.statement.environment
    if folder.exists() and any(folder.iterdir()):
        raise RefusalError("exists", folder.name)
    check_passphrase(passphrase, environment)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise output.refusal(error, folder.name) from error
    for name, key in made.keys.items():
        federation_key.write(
            key_path(folder, region, name), key, passphrase,
            region=region, purpose=name.partition("-")[0], environment=environment,
        )  # fmt: skip
    path = folder / f"{region.lower()}.statement.json"
    output.write_new(path, made.written)
    return path


def listed(key: KeyDescription, caps: Caps = DEFAULT_CAPS) -> list[SigningKey]:
    """Return a key that signs cards as the list carries it, one row a domain, no longer than the charter allows."""
    last = min(key.valid_until, key.valid_from + caps.issuing)
    end = min(key.valid_until, key.valid_from + caps.verifying)
    usage = None if key.usage is None else tuple(sorted(key.usage))
    return [
        SigningKey(
            domain,
            key.health_card_kid.encode("ascii") if domain == "shc" else key.kid,
            key.public,
            usage,
            key.valid_from,
            end,
            last,
            caps.credentials,
            key.health_card_issuer if domain == "shc" else _issuer(key, domain),
        )
        for domain in key.domains
    ]


def _issuer(key: KeyDescription, domain: str) -> str | None:
    return key.region if domain == "huxin" else None
