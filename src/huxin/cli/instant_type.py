"""The type of options that take an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant

__all__ = ["Instant"]


class Instant(click.ParamType[datetime]):
    """An instant as RFC 3339 writes it, or a day, which begins at midnight UTC."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return value if isinstance(value, datetime) else parse_instant(value)
        except RefusalError:
            self.fail(f"{value!r} is not an instant such as 2026-11-23T08:00:00Z", param, ctx)
