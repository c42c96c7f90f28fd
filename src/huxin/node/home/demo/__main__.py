"""`python -m huxin.node.home.demo FOLDER`: tables, people and cards of a new node of the demo.

Started by the supervisor, once for each node.  What the tour links to is written into the
node's folder (`things.json`); the practice cards of 苇洲 go into the folder `samples` beside it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def _main(folder: Path) -> None:
    os.environ["HUXIN_NODE"] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxin.node.project.settings")
    import django

    django.setup()

    from django.core.management import call_command

    from huxin.adapters import clock, node_folder
    from huxin.node.base import outbox
    from huxin.node.base.local_day import local_day
    from huxin.node.home.demo import samples
    from huxin.node.home.demo.seed import Seed
    from huxin.node.trust.models import Card

    node_folder.lay_database(folder / "node.sqlite3")
    call_command("migrate", interactive=False, verbosity=0)
    now = clock.now()
    seed = Seed(now)
    seed.fill()
    outbox.deliver(now=now)
    if "child-card" in seed.things:
        child, guest = (
            Card.objects.get(id=seed.things[name]).text for name in ("child-card", "guest-card")
        )
        today = local_day(now)
        samples.write(folder.parent / "samples", child, guest, today=today)
    # Last of all: its being there says that the node is whole.
    (folder / "things.json").write_text(json.dumps(seed.things), "utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
