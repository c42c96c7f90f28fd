"""A worker that dies in the middle of a recall: no card is half done, and what goes on does nothing twice.

A node in processes of its own, with a lost key and a new one, killed at each named point of `actions/recall_run.py`
and of the withdrawal itself.
"""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.running_node import ROOT, RunningNode

CARDS = 3
POINTS = (
    *re.findall(
        r'crash\.point\("([a-z.]+)"\)',
        (ROOT / "src/huxin/node/trust/actions/recall_run.py").read_text("utf-8"),
    ),
    "revoke.written",
)
WORK = "import sys; from huxin.cli.main import main; sys.argv[0] = 'huxin'; main()"

pytestmark = [pytest.mark.size("all"), pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def node(tmp_path):
    return RunningNode(Path(tmp_path) / "node")


def seed(node, *words):
    return json.loads(node._run(["-m", "tests.lib.seed_recall", str(node.folder), *words]))


def work(node, **environment):
    """Do all jobs that wait; returns how the worker ended."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, "node", "work", str(node.folder), "--once"],
        env=node._environment(**environment), cwd=ROOT, check=False, capture_output=True, timeout=600,
    )  # fmt: skip
    return done.returncode


def count(node, query, *values):
    ((found,),) = node.rows(f"SELECT count(*) FROM {query}", *values)
    return found


def whole(node, seeded):
    """Each settled row has its new card, its withdrawal, its entry, its notice and its events, and no other has."""
    assert node.rows("PRAGMA integrity_check") == [("ok",)]
    settled = count(node, "trust_recallrow WHERE became = 'reissued'")
    assert count(node, "trust_recallrow WHERE became NOT IN ('', 'reissued')") == 0
    assert count(node, "trust_card WHERE kid = ?", seeded["old"]) == CARDS
    assert (
        count(node, "trust_card WHERE kid = ? AND replaces_id IS NOT NULL", seeded["new"])
        == settled
    )
    assert count(node, "trust_card WHERE replaces_id IS NULL") == CARDS
    assert count(node, "trust_revocation WHERE reason = 'key-lost'") == settled
    assert count(node, "base_auditentry WHERE action = 'withdrew'") == settled
    assert count(node, "base_message WHERE kind = 'card-reissued'") == settled
    assert count(node, "base_outboxevent WHERE name = 'card-revoked'") == settled
    assert count(node, "base_outboxevent WHERE name = 'card-issued'") == CARDS + settled
    return settled


def test_every_named_point_is_tried():
    assert set(POINTS) == {
        "recall.looked", "recall.issued", "recall.written", "recall.kept", "revoke.written",
    }  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_a_named_point_leaves_whole_cards_and_the_rest_goes_on(node, point):
    seeded = seed(node, "begin", str(CARDS))
    assert work(node, HUXIN_CRASH_AT=point) == -signal.SIGKILL
    # Within the transaction of the first card nothing of it is there; after it, all of it is.
    assert whole(node, seeded) == (1 if point == "recall.kept" else 0)
    seed(node, "resume", seeded["recall"])
    assert work(node) == 0
    assert whole(node, seeded) == CARDS
    assert node.rows("SELECT state, fault FROM trust_recall") == [("done", "")]
    seed(node, "resume", seeded["recall"])
    assert work(node) == 0
    assert whole(node, seeded) == CARDS


def test_a_worker_that_was_started_before_the_new_key_signs_nothing(node):
    """Its folder holds the old key only, as a process would that read it before."""
    seeded = seed(node, "begin", str(CARDS))
    new = node.folder / "keys" / "QW-2.key"
    away = new.rename(node.folder / "QW-2.key")
    assert work(node) == 0
    assert node.rows("SELECT state, fault FROM trust_recall") == [("running", "key-lost")]
    assert whole(node, seeded) == 0
    away.rename(new)
    seed(node, "resume", seeded["recall"])
    assert work(node) == 0
    assert whole(node, seeded) == CARDS
