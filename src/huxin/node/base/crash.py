"""Points at which a process can be made to die, so that tests see what is left behind.

`HUXIN_CRASH_AT=issue.signed` kills the process there as `kill -9` would; obeyed only where the
environment label is `test`.
"""

from __future__ import annotations

import os
import signal

from django.conf import settings

__all__ = ["point"]


def point(name: str) -> None:
    """Die here, if this point was named."""
    if os.environ.get("HUXIN_CRASH_AT") == name and settings.HUXIN.environment == "test":
        os.kill(os.getpid(), signal.SIGKILL)
