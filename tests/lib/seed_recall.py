"""Cards of a key that is lost, and a recall that two officers agreed to; run as a program by a flow.

python -m tests.lib.seed_recall FOLDER begin N     N cards of the first key; then a second key, and a recall agreed to
python -m tests.lib.seed_recall FOLDER resume ID   have the job go on, ten minutes later
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any


def begin(folder: Path, cards: int) -> dict[str, Any]:
    from huxin.adapters import key_file
    from huxin.kernel.identifiers import kid_text
    from huxin.node.base.permissions import Role
    from huxin.node.trust import signing
    from huxin.node.trust.actions import recalls
    from tests.lib.node_folders import PASSPHRASE
    from tests.lib.node_world import World
    from tests.lib.recalls import asked, key, new_key, private_new_key

    world = World()
    clerks = [world.staff(Role.CLERK) for _ in range(2)]
    first, second = map(world.actor, clerks)
    for _ in range(cards):
        world.card(world.person(), by=clerks[0])
    old = kid_text(signing.signer().kid)
    place = folder / "keys" / "QW-2.key"
    key_file.write(place, new_key().description, private_new_key(), PASSPHRASE)
    signing.signer.cache_clear()
    recall = asked(world, first, key(old))
    recalls.agree(recall.id, by=second, now=world.now)
    new = kid_text(signing.signer().kid)
    return {"recall": str(recall.id), "old": old, "new": new}


def resume(recall: str) -> dict[str, Any]:
    from huxin.node.base.actor import Actor
    from huxin.node.base.permissions import ROLES, Role
    from huxin.node.trust.actions import recalls
    from huxin.node.trust.models import Recall

    found = Recall.objects.get(id=uuid.UUID(recall))
    by = Actor(found.asked_by, None, found.organisation_id, permissions=ROLES[Role.CLERK])
    later = found.moved_at + recalls.STALE
    recalls.resume(found.id, by=by, now=later)
    return {"state": found.state}


def main() -> None:
    from huxin.node.project import operate

    folder, step, about = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    operate.start(folder)
    done = begin(folder, int(about)) if step == "begin" else resume(about)
    print(json.dumps(done))


if __name__ == "__main__":
    main()
