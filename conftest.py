"""A node for the tests: 苇洲 in the environment `test`, made before Django reads its folder.

Each process of the suite has one of its own.  The database is SQLite in memory, or what DATABASE_URL
names; a test that uses it says `db`, `world` or `@pytest.mark.django_db`.
"""

import os
import shutil
import tempfile
from pathlib import Path

import django

from tests.lib.node_folders import make_node

_NODE = Path(tempfile.mkdtemp(prefix="huxin-test-node-"))
make_node(_NODE)
os.environ["HUXIN_NODE"] = str(_NODE)
os.environ["DJANGO_SETTINGS_MODULE"] = "huxin.node.project.settings"
django.setup()
# Not for the processes that this one starts: each worker of the suite makes a node of its own.
del os.environ["HUXIN_NODE"], os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure() -> None:
    shutil.rmtree(_NODE, ignore_errors=True)
