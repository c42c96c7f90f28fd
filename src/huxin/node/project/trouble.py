"""What a database or a disk answers to the operator's commands, as a refusal with a code.

    with told():
        …                       a refusal instead of a library's error

`database`: it cannot be reached, opened or understood.  `no-space`: no room is left.  Whoever
calls has undone what it began: a transaction, a file without its name.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Final

from django.conf import settings

from huxin.adapters import output
from huxin.kernel.errors import RefusalError

__all__ = ["refusal", "told"]

# PostgreSQL's class of errors for a lack of disk, memory or connections; SQLite says it in words.
_DISK_FULL: Final = "53100"
_FULL: Final = "database or disk is full"
_BROKEN: Final = "disk I/O error"
_LEAST: Final = 1_000_000
_LONGEST: Final = 200


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Raise a refusal for what the database says, or the disk below it."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    try:
        yield
    except Error as error:
        raise refusal(error) from error
    except ImproperlyConfigured as error:
        raise RefusalError("database", _line(error)) from error
    except OSError as error:
        raise output.refusal(error, "a file of the node") from error


def refusal(error: Exception) -> RefusalError:
    """Return the refusal for what a database said: `no-space` or `database`."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state == _DISK_FULL or _FULL in str(error) or (_BROKEN in str(error) and _no_room()):
        return RefusalError("no-space", _line(error))
    return RefusalError("database", _line(error))


def _no_room() -> bool:
    """Tell whether the node's disk is full: SQLite says no more than that it could not write beside its database."""
    with contextlib.suppress(OSError):
        return settings.configured and shutil.disk_usage(settings.HUXIN.path).free < _LEAST
    return False


def _line(error: Exception) -> str:
    """Return the first line of what was said: the rest repeats a statement, and with it what it wrote."""
    return next(iter(str(error).splitlines()), type(error).__name__)[:_LONGEST]
