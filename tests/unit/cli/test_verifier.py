"""`huxin verifier folder`: a folder for a stick, whole or not at all, that a door can work with."""

import json
from hashlib import sha256

import pytest

from huxin.adapters import verifier_folder
from huxin.adapters.practice import changed_text
from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.adapters.trust_repository import files_of
from huxin.trust import reading
from huxin.trust.issue import issue
from tests.lib.federations import DAY, HOUR, NOW, Federation, key_row, keys_file, text
from tests.lib.regions import Region, facts
from tests.lib.rules import TWO_DOSES, document
from tests.lib.terminal import Terminal

CARDS = Region("QV", int.from_bytes(sha256(b"QV key 1").digest(), "big") >> 1)
CARD = issue(facts(), CARDS, now=NOW).text


class Desk:
    """A terminal beside a repository; what is written lies in `out`."""

    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        self.terminal = Terminal(folder, now=text(NOW + HOUR))
        self.federation = Federation(3)
        self.federation.contents["QV/keys.cbor"] = keys_file("QV", [key_row("QV key 1", kid=CARDS.kid)])  # fmt: skip
        self.federation.publish("region-QV")
        self.place = folder / "place"
        self.federation.write(self.place)

    def words(self, *more):
        environment = ("--environment", "production")
        return ("verifier", "folder", self.out, "--region", "QV", *environment, *more)

    def run(self, *more, **variables):
        return self.terminal.run(*self.words(*more), **variables)

    def json(self, *more):
        return self.terminal.json(*self.words(*more))

    def file(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    def data(self, name):
        return json.loads((self.out / "data" / name).read_bytes())


@pytest.fixture
def desk(tmp_path, monkeypatch):
    home = tmp_path / "built"
    (home / "languages").mkdir(parents=True)
    (home / "index.html").write_text("page")
    (home / "languages" / "en.json").write_text("{}")
    monkeypatch.setattr(verifier_folder, "_home", lambda _: home)
    verifier_folder.built.cache_clear()
    yield Desk(tmp_path)
    verifier_folder.built.cache_clear()


def rules(**changes):
    logic = {">=": [TWO_DOSES[">="][0], 1]}
    return {"rules": [document(purpose="event/forum", logic=logic, **changes)]}


def test_a_folder_has_the_page_the_list_the_rules_and_their_words(desk):
    asked = desk.file("rules.json", rules())
    told = desk.json("--from", desk.place, "--rules", asked, "--zone", "Asia/Shanghai")
    root = sha256(desk.federation.first_root()).hexdigest()
    assert told == {"folder": "out", "root": root, "decision": "fresh", "purposes": [{"region": "QV", "id": "event/forum"}], "practice": []}  # fmt: skip
    found = {one.relative_to(desk.out).as_posix() for one in desk.out.rglob("*") if one.is_file()}
    assert found == {
        "README.txt", "index.html", "languages/en.json",
        "data/setup.json", "data/list.bundle", "data/rules.json", "data/words.json",
    }  # fmt: skip
    said = desk.data("setup.json")
    assert (said["root"], said["zone"], said["region"]) == (root, "Asia/Shanghai", "QV")
    assert said["purposes"] == [
        {
            "region": "QV", "id": "event/forum",
            "words": {"zh": "活动 · 论坛", "en": "Event · forum"}, "effect": "admits",
        }
    ]  # fmt: skip
    assert set(said["names"]) == {"QV", "QW", "QX"}
    assert set(desk.data("words.json")) == {"fields", "dcc", "units", "weekdays", "sentences"}
    readme = (desk.out / "README.txt").read_text("utf-8")
    assert "python3 -m http.server" in readme
    assert "离线查验" in readme


def test_where_people_appeal_stands_on_the_page(desk):
    desk.json("--from", desk.place, "--appeals", "https://example.org/appeals")
    assert desk.data("setup.json")["appeals"] == "https://example.org/appeals"


def test_what_is_no_address_is_none_for_appeals(desk):
    refused = desk.run("--from", desk.place, "--appeals", "at the desk")
    assert refused.exit_code == 2
    assert not desk.out.exists()


def test_rules_of_several_regions_are_told_apart(desk):
    own = desk.file("own.json", rules())
    other = desk.file("other.json", rules(region="QX", id="QX-FORUM-1", effect="informs"))
    asked = ("--from", desk.place, "--rules", own, "--rules", other)
    assert "活动 · 论坛 (QX)" in desk.run(*asked, "--lang", "zh").stdout
    found = [(one["region"], one["effect"]) for one in desk.data("setup.json")["purposes"]]
    assert found == [("QV", "admits"), ("QX", "informs")]
    assert len(desk.data("rules.json")["rules"]) == 2


def test_a_door_takes_what_is_in_it(desk, tmp_path):
    assert desk.run("--from", desk.place).exit_code == 0
    bundle = desk.out / "data" / "list.bundle"
    took = desk.terminal.run("trust", "refresh", "--from", bundle, "--state", tmp_path / "door")
    assert took.exit_code == 0
    rules_given = desk.out / "data" / "rules.json"
    assert json.loads(rules_given.read_bytes())["rules"] == []


def test_a_list_comes_from_a_state_a_bundle_or_with_a_root(desk):
    state, root = desk.folder / "state", desk.folder / "root.json"
    desk.terminal.run("trust", "refresh", "--from", desk.place, "--state", state)
    assert desk.run("--trust-state", state).exit_code == 0
    held = open_bundle((desk.out / "data" / "list.bundle").read_bytes())
    assert not {"memory.json", "policy.json"} & set(held)
    (desk.folder / "list.bundle").write_bytes(pack(files_of(desk.place)))
    root.write_bytes(desk.federation.first_root())
    desk.out = desk.folder / "second"
    assert desk.run("--from", desk.folder / "list.bundle", "--root", root).exit_code == 0
    assert open_bundle((desk.out / "data" / "list.bundle").read_bytes()) == held


def test_practice_cards_say_what_they_are_answered(desk):
    (opened,) = reading.open(CARD)
    assert opened.credential is not None
    files = [desk.file("good.txt", CARD), desk.file("bad.txt", changed_text(opened.credential))]
    practice = [word for one in files for word in ("--practice", one)]
    asked = desk.file("rules.json", rules())
    told = desk.json("--from", desk.place, "--rules", asked, *practice)
    assert told["practice"] == ["accepted", "rejected"]
    good, bad = desk.data("setup.json")["practice"]
    assert good == {"text": CARD, "outcome": "accepted", "purpose": "event/forum"}
    assert "purpose" not in bad


def test_what_is_no_card_is_no_practice(desk):
    result = desk.run("--from", desk.place, "--practice", desk.file("no.txt", "hello"))
    assert result.exit_code == 1
    assert not desk.out.exists()


@pytest.mark.parametrize(("language", "words"), [("zh", "做好了"), ("en", "is made")])
def test_it_says_what_it_made_and_how_to_open_it(desk, language, words):
    asked = desk.file("rules.json", rules())
    said = desk.run("--from", desk.place, "--rules", asked, HUXIN_LANG=language).stdout
    for one in (
        words,
        "python3 -m http.server -d out",
        sha256(desk.federation.first_root()).hexdigest(),
    ):
        assert one in said


def test_without_rules_it_says_that_nothing_is_asked(desk):
    assert "none; it says whether a card is genuine" in desk.run("--from", desk.place).stdout


def test_nothing_is_overwritten_and_nothing_is_left_half(desk):
    desk.out.mkdir()
    (desk.out / "mine.txt").write_text("mine")
    result = desk.run("--from", desk.place)
    assert result.exit_code == 1
    assert [one.name for one in desk.out.iterdir()] == ["mine.txt"]
    assert not list(desk.folder.glob(".*.part"))


def test_a_place_that_cannot_be_written_is_told(desk):
    desk.out = desk.file("a file", "") / "out"
    assert desk.run("--from", desk.place).exit_code == 1


def test_a_list_that_is_too_old_is_not_handed_on(desk):
    state = desk.folder / "state"
    desk.terminal.run("trust", "refresh", "--from", desk.place, "--state", state)
    result = desk.run("--trust-state", state, "--at", text(NOW + 40 * DAY))
    assert result.exit_code == 1
    assert "trust-old" in result.stderr
    (state / "accepted.bundle").unlink()
    assert "trust-missing" in desk.run("--trust-state", state).stderr
    assert not desk.out.exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), "one of the two"),
        (("--from", "list", "--trust-state", "."), "one of the two"),
        (("--from", "list", "--zone", "Moon/Sea"), "not a time zone"),
    ],
)
def test_a_wrong_usage_is_told(desk, more, told):
    result = desk.run(*more)
    assert result.exit_code == 2
    assert told in result.stderr
