"""`huxin trust policy`: drafted, signed by officers, put in force, and named by the answer at the door."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from huxin.adapters import federation_key, trust_repository
from huxin.trust.ceremony.draft import found
from huxin.trust.federation.region_keys import tombstone_of, write_region_keys
from huxin.trust.issue import issue
from tests.lib.ceremonies import NOW, TITLE, charter, party, witnessed
from tests.lib.federations import HOUR, text
from tests.lib.regions import Region, facts
from tests.lib.terminal import PASSPHRASE, Terminal

QV, QW, QA = party("QV"), party("QW"), party("QA")


def issuer(code: str) -> Region:
    """The region with the key that its statement lists."""
    return Region(code, int.from_bytes(sha256(f"{code} cards 0".encode()).digest(), "big"))


class Door:
    """A place of QV that holds the list of QV and QW, with the files of QV's officers."""

    def __init__(self, folder):
        self.terminal, self.folder = Terminal(folder, now=text(NOW + HOUR)), folder
        proposal = found([QV.statement, QW.statement], charter(), title=TITLE, now=NOW)
        files = trust_repository.published(witnessed(proposal, None, [QV, QW]))
        trust_repository.write_files(folder / "list", files)
        self.state, self.out = folder / "state", folder / "policy.json"
        taken = self.run("refresh", "--from", folder / "list", "--state", self.state)
        assert taken.exit_code == 0
        for one in (QV, QW):
            for name in ("officer-1", "officer-2", "witness"):
                path = folder / f"{one.code}-{name}.key"
                purpose = name.partition("-")[0]
                federation_key.write(path, one.keys[name], PASSPHRASE, region=one.code, purpose=purpose, environment="production")  # fmt: skip

    def run(self, *words, **more):
        return self.terminal.run("trust", *words, **more)

    def draft(self, *words, version=1):
        self.out.unlink(missing_ok=True)
        return self.run("policy", "draft", "--region", "QV", "--version", version, "--out", self.out, *words)  # fmt: skip

    def sign(self, *names):
        keys = [word for name in names for word in ("--key", self.folder / f"{name}.key")]
        return self.run("policy", "sign", self.out, *keys, "--passphrase-file", self.folder / "pass")  # fmt: skip

    def take(self, *words):
        return self.run("policy", "take", self.out, "--region", "QV", "--state", self.state, *words)

    def in_force(self, *words, version=1):
        assert self.draft(*words, version=version).exit_code == 0
        assert self.sign("QV-officer-1", "QV-officer-2").exit_code == 0
        assert self.take().exit_code == 0

    def verify(self, code, *words):
        card = self.folder / f"{code}.txt"
        card.write_text(issue(facts(), issuer(code), now=NOW).text)
        words = (*words, "--environment", "production")
        return self.terminal.run("verify", card, "--trust-state", self.state, *words)


@pytest.fixture
def door(tmp_path):
    return Door(tmp_path)


def test_a_region_is_denied_and_the_answer_says_who_decided(door):
    assert door.verify("QW").exit_code == 0
    assert "the federation's list" in door.verify("QW").stdout
    door.in_force("--deny-region", "QW")
    answer = door.verify("QW")
    assert answer.exit_code == 1
    assert "not believed by this place's own decision" in answer.stdout
    told = json.loads(door.verify("QW", "--json").stdout)
    assert (told["code"], told["cards"][0]["believed_by"]) == ("distrusted", "local")
    assert "本处自行决定不信" in door.verify("QW", "--lang", "zh").stdout


def test_a_key_is_denied_by_its_digest(door):
    door.in_force("--deny-key", tombstone_of(issuer("QW").key.public).hex())
    assert door.verify("QW").exit_code == 1
    assert door.verify("QV").exit_code == 0


@pytest.mark.parametrize("file", ["statement", "keys"])
def test_a_region_outside_the_list_is_believed_besides(door, file):
    path = door.folder / "qa"
    path.write_bytes(QA.written if file == "statement" else write_region_keys(QA.statement.signing))
    assert door.verify("QA").exit_code == 3
    door.in_force("--accept", path)
    answer = door.verify("QA")
    assert answer.exit_code == 0
    assert "believed besides by this place's own decision" in answer.stdout


def test_a_policy_is_shown_before_and_after(door):
    door.draft("--deny-region", "QW", "--refuse-days", 7, "--stale-hours", 12)
    shown = door.run("policy", "show", door.out).stdout
    for words in ("version 1", "no key of QW", "12 hours", "7 days", "0 signatures"):
        assert words in shown, words
    door.sign("QV-officer-1")
    # The second officer signs later, elsewhere.
    assert door.take().exit_code == 1
    door.sign("QV-officer-2")
    told = door.terminal.json("trust", "policy", "show", door.out)
    assert (told["signatures"], told["freshness"]["refuse_days"]) == (2, 7)
    assert door.take().exit_code == 0
    assert "in force" in door.run("policy", "show", "--state", door.state).stdout
    door.draft(version=2)
    assert "whom to believe is as in the federation's list" in door.run("policy", "show", door.out).stdout  # fmt: skip


def test_an_older_policy_is_refused(door):
    door.in_force("--deny-region", "QW", version=2)
    door.draft(version=1)
    door.sign("QV-officer-1", "QV-officer-2")
    refused = door.take()
    assert refused.exit_code == 1
    assert "trust-rollback" in refused.stderr
    assert door.verify("QW").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--deny-region", "q!"), "bad-input"),
        (("--deny-key", "ab"), "bad-input"),
        (("--deny-key", "zz"), "bad-input"),
        (("--accept", "pass"), "trust-file"),
        (("--refuse-days", "5", "--warn-days", "9"), "trust-file"),
    ],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_what_is_no_policy_is_refused_and_nothing_written(door, words, code):
    given = [door.folder / one if one == "pass" else one for one in words]
    refused = door.draft(*given)
    assert (refused.exit_code, code in refused.stderr) == (1, True), refused.stderr
    assert not door.out.exists()


def test_only_officers_of_the_region_sign(door):
    door.draft()
    before = door.out.read_bytes()
    for name in ("QV-witness", "QW-officer-1"):
        refused = door.sign(name)
        assert (refused.exit_code, "trust-keys" in refused.stderr) == (1, True)
    assert door.sign().exit_code == 2
    assert door.out.read_bytes() == before


def test_a_place_outside_the_list_names_its_officers(door):
    key, public = door.folder / "QA-officer-1.key", QA.keys["officer-1"].public.compact().hex()
    federation_key.write(key, QA.keys["officer-1"], PASSPHRASE, region="QA", purpose="officer", environment="production")  # fmt: skip
    door.run("policy", "draft", "--region", "QA", "--version", 1, "--out", door.out)
    assert door.sign("QA-officer-1").exit_code == 0
    words = ("policy", "take", door.out, "--region", "QA", "--state", door.state)
    assert door.run(*words).exit_code == 1
    assert door.run(*words, "--officer", "00").exit_code == 1
    assert door.run(*words, "--officer", public).exit_code == 0
    assert door.run("policy", "show", "--state", door.state).exit_code == 0


def test_nothing_in_force_and_wrong_usage(door):
    assert "trust-missing" in door.run("policy", "show", "--state", door.state).stderr
    assert door.run("policy", "show").exit_code == 2
    door.draft()
    assert door.run("policy", "show", door.out, "--state", door.state).exit_code == 2
