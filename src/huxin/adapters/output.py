"""New files, whole or not at all.

- a file appears under its name only when every byte of it is on the disk, so that a crash or a
  full disk leaves no half of a key or a card behind;
- nothing is ever overwritten: the code is `exists`;
- what is `private` can be read by its owner only, from its first byte on.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

from huxin.adapters.intake import reason
from huxin.kernel.errors import RefusalError

__all__ = ["write_new"]

_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o666  # as the person's umask narrows it


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that does not exist yet.

    Refuses with `exists`, or with `bad-input` where the folder cannot be written to.
    """
    if os.path.lexists(path):
        raise RefusalError("exists", path.name)
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        try:
            _write(part, data, _PRIVATE if private else _PUBLIC)
            _give_name(part, path)
        finally:
            part.unlink(missing_ok=True)
        _keep_folder(path.parent)
    except FileExistsError as error:
        raise RefusalError("exists", path.name) from error
    except OSError as error:
        raise RefusalError(
            "bad-input", f"{path.name} cannot be written: {reason(error)}"
        ) from error


def _write(part: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _give_name(part: Path, path: Path) -> None:
    """Give the finished file its name, unless somebody else took that name meanwhile."""
    try:
        # A second name fails if the name is taken, where a rename would overwrite.
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks have no second names; the little gap between asking and renaming stays.
        if os.path.lexists(path):
            raise FileExistsError from None
        part.rename(path)


def _keep_folder(folder: Path) -> None:
    """Ask that the new name itself survives a power cut, where the system can do that."""
    with contextlib.suppress(OSError):  # the file is whole either way
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
