"""One process of the demo: serves a node's pages or does its jobs, for as long as the demo lives.

    python -m huxin.node.project.demo_child LEASH serve FOLDER ADDRESS PORT [CERTIFICATE KEY]
    python -m huxin.node.project.demo_child LEASH work FOLDER

LEASH is the number of a pipe that the supervisor holds open at its other end.  When the supervisor
dies, however it dies, the pipe ends and the whole group of this process goes with it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from huxin.node.project import operate


def _hold(leash: int) -> None:
    os.read(leash, 1)
    os.killpg(0, signal.SIGKILL)


def _main(leash: str, task: str, folder: str, *where: str) -> None:
    threading.Thread(target=_hold, args=(int(leash),), daemon=True).start()
    if task == "work":
        operate.work(Path(folder))
        return
    address, port, *tls = where
    pair = (Path(tls[0]), Path(tls[1])) if tls else None
    operate.serve(Path(folder), address=address, port=int(port), tls=pair)


if __name__ == "__main__":
    _main(*sys.argv[1:])
