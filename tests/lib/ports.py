"""A port of this computer for a node that a test starts, stops and starts again.

A port that is merely found free may be another's a moment later: of a connection, or of another
test's server.  So it stays bound, without listening, until the tests end; a node shares it.
"""

import socket
from typing import Final

_KEPT: Final[list[socket.socket]] = []


def kept_port() -> int:
    """Return a port on 127.0.0.1 that nobody gets who does not ask for it by its number."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    keeper.bind(("127.0.0.1", 0))
    _KEPT.append(keeper)
    return int(keeper.getsockname()[1])
