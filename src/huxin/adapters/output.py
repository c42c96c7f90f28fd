"""New files, whole or not at all.

- a file appears under its name only when every byte of it is on the disk, so that a crash or a
  full disk leaves no half of a key or a card behind;
- nothing is overwritten: the code is `exists`; only `replace` says by its name that it does;
- what a killed run left unnamed is cleared away by the next one that owns the folder;
- what is `private` can be read by its owner only, from its first byte on.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from huxin.adapters.intake import reason
from huxin.kernel.errors import RefusalError

__all__ = ["clear_unnamed", "new_file", "refusal", "replace", "write_new"]

# No room on the disk, in one's share of it, or below the largest size a file may have.
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o666  # as the person's umask narrows it
_UNNAMED: Final = re.compile(r"\..+\.[0-9a-f]{12}\.part", re.DOTALL)


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that does not exist yet.

    Refuses with `exists`, `no-space`, or `bad-input` where the folder cannot be written to.
    """
    with new_file(path, private=private) as stream:
        stream.write(data)


@contextlib.contextmanager
def new_file(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file that does not exist yet; it gets its name when the block ends without an error.

    Refuses as `write_new` does.
    """
    if os.path.lexists(path):
        raise RefusalError("exists", path.name)
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        try:
            with _open(part, _PRIVATE if private else _PUBLIC) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            _give_name(part, path)
        finally:
            part.unlink(missing_ok=True)
        _keep_folder(path.parent)
    except FileExistsError as error:
        raise RefusalError("exists", path.name) from error
    except OSError as error:
        raise refusal(error, path.name) from error


def refusal(error: OSError, name: str) -> RefusalError:
    """Return the refusal for a file or folder that could not be written: `no-space` or `bad-input`."""
    code = "no-space" if error.errno in _NO_SPACE else "bad-input"
    return RefusalError(code, f"{name} cannot be written: {reason(error)}")


def replace(path: Path, data: bytes, *, private: bool = True, mode: int | None = None) -> None:
    """Write one of the few files that have a next version: its old bytes or its new ones.

    `mode` is who may read it, whatever the person's umask says; it holds before the file has its name.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with _open(part, _PRIVATE if private else _PUBLIC) as stream:
            if mode is not None:
                os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):  # what happened before is what is told
            part.unlink(missing_ok=True)
    _keep_folder(path.parent)


def clear_unnamed(folder: Path) -> None:
    """Remove the files of a folder that were written and never named; nobody else may write there.

    Refuses with `bad-input` where that cannot be done.
    """
    try:
        for one in folder.iterdir():
            if _UNNAMED.fullmatch(one.name):
                one.unlink()
    except OSError as error:
        raise RefusalError("bad-input", f"{folder.name}: {reason(error)}") from error


def _open(part: Path, mode: int) -> BinaryIO:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    return os.fdopen(descriptor, "wb")


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
