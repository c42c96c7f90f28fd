"""The type of options that take an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import click

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant

__all__ = ["Instant"]

_FIRST: Final = 1900
_LAST: Final = 2200


class Instant(click.ParamType[datetime]):
    """An instant as RFC 3339 writes it, or a day, which begins at midnight UTC.

    `lived` takes none at which people could not have lived or their cards be dated.
    """

    name = "instant"

    def __init__(self, *, lived: bool = False) -> None:
        self._lived = lived

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            instant = value if isinstance(value, datetime) else parse_instant(value)
        except RefusalError:
            self.fail(f"{value!r} is not an instant such as 2026-11-23T08:00:00Z", param, ctx)
        if self._lived and not _FIRST <= instant.year < _LAST:
            self.fail(f"{value!r} is not from {_FIRST} to {_LAST}", param, ctx)
        return instant
