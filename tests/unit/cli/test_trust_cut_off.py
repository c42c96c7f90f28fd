"""`huxin trust publish` killed at any of its writes: doing it again finishes it, and doors take it."""

import itertools
import shutil

import pytest

from huxin.adapters import output, trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Folder
from huxin.cli import trust_publish
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.proposal import write_proposal
from huxin.trust.ceremony.result import result
from tests.lib.ceremonies import NOW, TITLE, charter, party, signed, witnessed
from tests.lib.terminal import Terminal


class Killed(BaseException):
    """The machine lost its power."""


class Office:
    """A list of some regions, and a proposal that lacks its witnesses only, whose keys are all here."""

    def __init__(self, folder, monkeypatch, draft, *codes):
        self.folder, self.list, self.file = folder, folder / "list", folder / "proposal.json"
        self.terminal = Terminal(folder, now=f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
        parties = [party(code) for code in codes]
        founding = witnessed(
            found([one.statement for one in parties], charter(), title=TITLE, now=NOW),
            None,
            parties,
        )
        trust_repository.write_files(self.list, trust_repository.published(founding))
        self.root = (self.list / "metadata" / "1.root.json").read_bytes()
        whole = result(founding, None)
        parties.append(party("QV", generation=2))
        proposal = draft(Draft.of(whole, now=NOW), parties[-1].statement)
        keys = [key for one in parties for key in one.hold()]
        self.proposal = signed(proposal, whole, keys)
        self.file.write_bytes(write_proposal(self.proposal))
        # Whoever may sign nothing is refused.
        parties.pop(0 if "root" in proposal.metadata else -1)
        self.held = {f"{one.code}.key": one.keys["witness"] for one in parties}
        for name in self.held:
            (folder / name).touch()
        monkeypatch.setattr(trust_publish, "unlock", lambda path, _: (None, self.held[path.name]))
        self.keys = [word for name in self.held for word in ("--key", folder / name)]

    def publish(self):
        where = ("--repository", self.list)
        return self.terminal.run("trust", "publish", self.file, *self.keys, *where)

    def door(self, name) -> int:
        told = refresh(Folder(self.list), self.folder / name, root=self.root, now=NOW)
        return told.versions["timestamp"]


def killed_at(monkeypatch, office, number: int, *, after: bool) -> bool:
    """Publish, and die at this write, before its file has its name or right after."""
    count = itertools.count()

    def replace(path, data, **more):
        # What is tried out beforehand in a state of its own is none.
        last = office.folder in path.parents and next(count) == number
        if last and not after:
            raise Killed
        written(path, data, **more)
        if last:
            raise Killed

    written = output.replace
    with monkeypatch.context() as patched:
        patched.setattr(output, "replace", replace)
        try:
            office.publish()
        except Killed:
            return True
    return False


def rotated(draft, statement):
    return draft.rotate(statement, title=TITLE)


def told(draft, _):
    return draft.publish("QV", {"QV/rules.json": b"[]"}, title=TITLE)


def of_today(draft, _):
    return renewed(draft, (), title=TITLE)


@pytest.mark.parametrize("codes", [("QV",), ("QV", "QW", "QX")], ids=["one", "three"])
@pytest.mark.parametrize("draft", [rotated, told, of_today])
def test_a_publication_that_was_cut_off_is_finished_by_doing_it_again(
    tmp_path, monkeypatch, draft, codes
):
    office = Office(tmp_path, monkeypatch, draft, *codes)
    assert office.door("held") == 1
    for folder in ("list", "held"):
        shutil.copytree(tmp_path / folder, tmp_path / f"{folder} before")
    before = office.file.read_bytes()
    points = 0
    for number, after in ((at // 2, bool(at % 2)) for at in itertools.count()):
        for folder in ("list", "held"):
            shutil.rmtree(tmp_path / folder)
            shutil.copytree(tmp_path / f"{folder} before", tmp_path / folder)
        office.file.write_bytes(before)
        if not killed_at(monkeypatch, office, number, after=after):
            break
        points += 1
        # Between the new root and the timestamp nothing is taken, and what is held stays in use.
        try:
            assert office.door("held") in (1, 2)
        except RefusalError as error:
            assert error.refusal.code in ("trust-threshold", "trust-mismatch"), (number, after)
        again = office.publish()
        assert (again.exit_code, "✓" in again.stdout) == (0, True), (number, after, again.stderr)
        assert office.door("held") == 2
    assert office.door("new") == 2
    # The proposal, the documents and roles that are new, the timestamp: before and after each.
    assert points >= 2 * (1 + len(office.proposal.metadata) + 2)


@pytest.mark.parametrize("draft", [told, of_today])
def test_what_stands_already_is_told_as_published(tmp_path, monkeypatch, draft):
    office = Office(tmp_path, monkeypatch, draft, "QV")
    first, second = office.publish(), office.publish()
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    assert office.terminal.run("trust", "publish", office.file, "--repository", office.list, "--json").exit_code == 0  # fmt: skip


def test_no_bundle_is_made_of_what_doors_refuse(tmp_path, monkeypatch):
    office = Office(tmp_path, monkeypatch, rotated, "QV")
    words = ("trust", "bundle", "--repository", office.list, "--out", tmp_path / "list.bundle")
    while not (office.list / "metadata" / "2.root.json").exists():
        # One file more each time: the proposal is the first that is written.
        assert killed_at(monkeypatch, office, 1, after=True)
    refused = office.terminal.run(*words)
    assert (refused.exit_code, "trust-threshold" in refused.stderr) == (1, True)
    assert not (tmp_path / "list.bundle").exists()
    assert office.publish().exit_code == 0
    assert office.terminal.run(*words).exit_code == 0
