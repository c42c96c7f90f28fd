"""A node's pages: what is looked at before they are served, so that a fault is told by its name; then granian.

- two that serve one port would share it without a word, since granian shares ports, so a port that answers is taken.
  Binding alone would not do: a port may be kept for us by somebody who never listens there;
- the process that answers requests ends with the one that started it (see `wsgi`).
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from pathlib import Path
from typing import Final

from huxin.adapters import intake, node_folder
from huxin.adapters.client_address import parse_networks
from huxin.kernel.errors import RefusalError
from huxin.node.project import surroundings
from huxin.node.project.database import refuse_missing

__all__ = ["serve"]

_THREADS: Final = 8
_BEAT: Final = 1.0
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # asked, not listened at


def serve(folder: Path, *, address: str, port: int, tls: tuple[Path, Path] | None) -> None:
    """Serve the node's pages until told to stop.

    Refuses with `database` (its tables were never made), or `bad-input` (a variable, the certificate and its key, a
    port that is taken).
    """
    # Told here, before a process of its own would stop with a library's error.
    _look_around(folder)
    if tls:
        _refuse_pair(*tls)
    _refuse_taken(address, port)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["HUXIN_NODE"] = str(folder.resolve())
    certificate, key = tls or (None, None)
    Granian(
        "huxin.node.project.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        log_level=LogLevels.warning,
        ssl_cert=certificate,
        ssl_key=key,
    ).serve()


def _look_around(folder: Path) -> None:
    node = node_folder.read(folder)
    tour = node.environment == "demo" and os.environ.get("HUXIN_TOUR_FILE")
    if not tour:  # which has no tables
        refuse_missing(os.environ.get("DATABASE_URL"), node.database)
    parse_networks(os.environ.get("HUXIN_TRUSTED_PROXIES", ""))
    surroundings.requests_a_minute()
    surroundings.seats()


def _refuse_pair(certificate: Path, key: Path) -> None:
    """Refuse with `bad-input` a certificate and a key that cannot be read, or do not belong together."""
    try:
        # A password of its own: a key that is locked would have one asked for.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        text = f"{certificate.name} and {key.name} are no certificate with its key: {error.reason}"
        raise RefusalError("bad-input", text) from error
    except (OSError, ValueError) as error:
        text = f"{certificate.name}, {key.name}: {error}"
        raise RefusalError("bad-input", text) from error


def _refuse_taken(address: str, port: int) -> None:
    """Refuse with `bad-input` a port that somebody answers at, or that cannot be had."""
    with contextlib.suppress(OSError):
        socket.create_connection((_ANY.get(address, address), port), timeout=_BEAT).close()
        raise RefusalError("bad-input", f"port {port} of {address} is taken 端口有人用")
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
                probe.setsockopt(socket.SOL_SOCKET, option, 1)
            probe.bind((address, port))
    except OSError as error:
        text = f"port {port} of {address}: {intake.reason(error)}"
        raise RefusalError("bad-input", text) from error
