"""The one clock: `now()`, an aware UTC instant, read once by a door and handed on as an argument.

`HUXIN_NOW` moves the clock for rehearsals and tests, and only for them: it is refused unless
`HUXIN_ENVIRONMENT` is `test`.  Otherwise whoever can set a variable could bring an expired
card back to life at a real gate without anybody seeing it; `--at` does so in the open.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant

__all__ = ["ENVIRONMENT", "NOW", "now"]

NOW: Final = "HUXIN_NOW"
ENVIRONMENT: Final = "HUXIN_ENVIRONMENT"


def now(environ: Mapping[str, str] | None = None) -> datetime:
    """Return the present instant in UTC; refuses with `bad-input` a clock moved without leave."""
    variables = os.environ if environ is None else environ
    moved = variables.get(NOW)
    if not moved:
        return datetime.now(UTC)
    if variables.get(ENVIRONMENT) != "test":
        raise RefusalError("bad-input", f"{NOW} is obeyed only with {ENVIRONMENT}=test")
    try:
        return parse_instant(moved)
    except RefusalError as error:
        raise RefusalError("bad-input", f"{NOW} is not an instant") from error
