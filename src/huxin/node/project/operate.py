"""What an operator does with a node: make it, bring its tables up to date, serve, work.

The doors of `huxin node`; Django starts here, for the folder that was named, and only once.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huxin.adapters import clock, key_file, node_folder, output, trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.kernel.crypto import PrivateKey
from huxin.node.project.database import database, refuse_missing
from huxin.node.project.trouble import told

if TYPE_CHECKING:
    from huxin.node.base import audit, condition

__all__ = ["adopt_status", "examine", "init", "migrate", "serve", "start", "verify_trail", "work"]

_KEY_DAYS: Final = timedelta(days=730)


def init(folder: Path, about: dict[str, Any], *, passphrase: str) -> None:
    """Make a node's folder with its secrets, a signing key and a trust file that holds it: all of it or nothing.

    No person and no account is made.  Refuses with `exists` where there is a node already.
    """
    with node_folder.making(folder) as part:
        node_folder.make(part, about, passphrase=passphrase, chance=secrets.token_bytes)
        node = node_folder.read(part)
        environment = "production" if node.environment == "production" else "test"
        start_of_key = clock.now().replace(second=0, microsecond=0)
        key = PrivateKey.generate()
        described = KeyDescription(
            node.region,
            environment,
            ("huxin", "icvp", "dcc"),
            start_of_key,
            start_of_key + _KEY_DAYS,
            key.public,
        )
        key_file.write(node.keys / f"{node.region}-1.key", described, key, passphrase)
        # Undated: nobody would renew the date, and a dated list is no longer believed after a month.
        entries = trust_file.write([trust_file.entry_of(described)])
        output.write_new(node.trust, entries.encode("utf-8"))


def start(folder: Path, *, new: bool = False) -> None:
    """Start Django for the node in `folder`; refuses with `database` where its tables were never made.

    With `new` they are about to be made.
    """
    import django

    node = node_folder.read(folder)  # its faults are told as refusals, before Django wraps them
    url = os.environ.get("DATABASE_URL")
    if new:
        database(url, node.database)
    else:
        refuse_missing(url, node.database)
    if new and not url:
        node_folder.lay_database(node.database)
    os.environ["HUXIN_NODE"] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxin.node.project.settings")
    django.setup()


@told()
def migrate(folder: Path) -> None:
    """Bring the tables up to date."""
    start(folder, new=True)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def serve(folder: Path, *, address: str, port: int, tls: tuple[Path, Path] | None = None) -> None:
    """Serve the node's pages until it is told to stop."""
    from huxin.node.project import serving

    serving.serve(folder, address=address, port=port, tls=tls)


@told()
def work(folder: Path, *, once: bool = False) -> None:
    """Do the jobs behind the pages until told to stop; `once` does what waits and returns.

    A database that is locked or away for a while does not end it, once it was reached at the beginning.
    """
    start(folder)
    from huxin.node.project import working

    working.run(folder, once=once)


@told()
def adopt_status(folder: Path, data: bytes) -> tuple[int, int]:
    """Go on from a signed set of this node that others hold; returns the number of its list and its version."""
    start(folder)
    from huxin.node.trust.actions.publish_status import adopt_edition

    return adopt_edition(data, now=clock.now())


@told()
def examine(folder: Path) -> list[condition.Finding]:
    """Look at everything that an operator looks after."""
    start(folder)
    from huxin.node.base import condition

    return condition.examine(now=clock.now())


@told()
def verify_trail(folder: Path) -> audit.Finding:
    """Seal what waits, then read the whole audit trail."""
    start(folder)
    from huxin.node.base import audit

    while audit.seal():
        pass
    return audit.verify()
