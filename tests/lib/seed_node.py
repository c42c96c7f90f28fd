"""Puts an account and people into a node's database; run as a program by `running_node`.

Prints what it made as JSON: keys of people, in order.
"""

import json
import sys
from pathlib import Path
from typing import Any

PASSWORD = "a good long word 7"


def seed(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    from huxin.node.project import operate

    operate.start(folder)
    from huxin.node.base.permissions import Role
    from tests.lib.node_world import World

    world = World()
    for name in asked.get("clerks", ["clerk"]):
        clerk = world.staff(Role.CLERK, name=name)
        clerk.set_password(PASSWORD)
        clerk.save()
    people = [world.person(birth="2020-03-18") for _ in range(asked.get("people", 1))]
    return {"people": [str(one.id) for one in people]}


if __name__ == "__main__":
    print(json.dumps(seed(Path(sys.argv[1]), json.loads(sys.argv[2]))))
