"""`huxin …` for as long as the tests live: python -m tests.lib.leashed LEASH node serve FOLDER

LEASH is the number of a pipe that the tests hold at its other end.  However they end, the pipe ends
then, and this process with its group: no node is left running.
"""

import os
import signal
import sys
import threading


def _hold(leash: int) -> None:
    os.read(leash, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    from huxin.cli.main import main

    threading.Thread(target=_hold, args=(int(sys.argv.pop(1)),), daemon=True).start()
    main()
