"""The node as a WSGI application; granian serves it.

In a process that granian started, and that ends with granian's own, however that ends: else it would go on answering
at the node's port, with nobody to stop it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


_parent = multiprocessing.parent_process()
if _parent is not None:
    threading.Thread(target=_end_with, args=(_parent,), daemon=True).start()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxin.node.project.settings")
application = get_wsgi_application()
