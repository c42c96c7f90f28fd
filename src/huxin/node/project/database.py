"""Which database: SQLite in the node's folder, or what DATABASE_URL names."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from huxin.kernel.errors import RefusalError

__all__ = ["database", "refuse_missing"]

_SQLITE: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    " PRAGMA secure_delete=ON;"
)


def database(url: str | None, file: Path) -> dict[str, Any]:
    """Return Django's settings for the database at `url`, or for the SQLite `file`.

    Refuses with `database` an address that is none; what it says stays out of the message, since a
    password may be in it.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(file),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": _SQLITE},
        }
    parts, port = _parts(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def refuse_missing(url: str | None, file: Path) -> None:
    """Refuse with `database` an address that is none, and the SQLite `file` where it was never made."""
    database(url, file)
    # SQLite makes a file of whatever it is asked to open, and then says that no table is there.
    if not (url or file.exists()):
        raise RefusalError("database", f"{file.name} is not there: huxin node migrate")


def _parts(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusalError("database", "DATABASE_URL is no address") from error
    if parts.scheme not in ("postgres", "postgresql"):
        raise RefusalError("database", "DATABASE_URL begins with postgresql://")
    if not parts.path.lstrip("/"):
        raise RefusalError("database", "DATABASE_URL names no database after its last /")
    return parts, str(port or "")
