"""The key that this node signs with: which file it is, and the passphrase that opens it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings

from huxin.adapters import key_file
from huxin.adapters.key_file import KeyFileSigner
from huxin.kernel.errors import RefusalError

__all__ = ["file", "passphrase", "unlocked"]


def file() -> Path | None:
    """Return the key file that signs: the last by name, `QW-10.key` after `QW-9.key`; `None` where there is none."""
    return max(settings.HUXIN.keys.glob("*.key"), key=_by_number, default=None)


def _by_number(path: Path) -> list[str | int]:
    # Words and numbers take turns, so that like is always compared with like.
    parts = re.split(r"([0-9]+)", path.stem)
    return [int(part) if part.isdecimal() else part for part in parts]


def passphrase() -> str | None:
    """Return the passphrase: that of HUXIN_KEY_PASSPHRASE, else the one in the node's secrets."""
    return os.environ.get("HUXIN_KEY_PASSPHRASE") or settings.HUXIN.secrets.passphrase


def unlocked() -> KeyFileSigner:
    """Return the node's signer; refuses with `key-file` where there is no key or passphrase, or `passphrase`."""
    found, secret = file(), passphrase()
    if found is None or not secret:
        raise RefusalError("key-file", "this node has no key, or no passphrase for it")
    return key_file.read(found).unlock(secret)
