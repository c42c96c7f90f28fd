"""`huxin verify`: the answer in words, its exit status, and what a stranger's card cannot do."""

import io
import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from PIL import Image

from huxin.adapters import key_file
from huxin.cli import answer, speech
from huxin.cli.main import main
from huxin.cli.speech import Speech
from huxin.kernel.instants import PartialDate
from huxin.trust import qr
from huxin.trust.credentials.facts import Clearance, Code, Examination, Name, Recovery, Test
from huxin.trust.issue import issue
from huxin.trust.verdict import Reason, Verdict
from tests.lib.regions import LIN, MEASLES_DOSE, NOW, facts
from tests.lib.terminal import PASSPHRASE, Terminal

FORUM = Clearance(purpose="forum", valid_until=PartialDate(2027, 1, 1))
ADDRESS = "https://reed-isles.example.org/health-cards"


class Scene:
    """A region in earnest (QW), a region that rehearses (QV), and a list that names both."""

    def __init__(self, folder) -> None:
        self.folder, self.terminal = folder, Terminal(folder)
        self.keys = {
            "QW": self.terminal.new_key("qw.key", "--region", "QW", "--environment", "production",
                                        "--address", ADDRESS),
            "QV": self.terminal.new_key("qv.key", "--region", "QV"),
        }  # fmt: skip
        shown = self.terminal.run("keys", "show", *self.keys.values(), "--trust")
        self.trust = folder / "regions.json"
        self.trust.write_text(shown.stdout)
        self.signers = {
            region: key_file.read(path).unlock(PASSPHRASE) for region, path in self.keys.items()
        }

    def text(self, region="QW", *, about=None, **wish) -> str:
        return issue(about or facts(), self.signers[region], now=NOW, **wish).text

    def verify(self, *cards, environment="production", typed="", **variables):
        words = ("verify", *cards, "--trust", self.trust, "--environment", environment)
        return self.terminal.run(*words, typed=typed, **variables)


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


# -------------------------------------------------------------------------------------- the answer


def test_a_card_without_end_is_shown_wherever_the_clock_hangs(scene, monkeypatch):
    forever = replace(FORUM, valid_until=PartialDate(9999, 12, 31))
    card = scene.text(about=facts(forever), expires=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    for zone in ("Asia/Shanghai", "America/Los_Angeles", "UTC"):
        with monkeypatch.context() as clock:
            clock.setenv("TZ", zone)
            time.tzset()
            result = scene.verify(card)
        time.tzset()
        assert result.exit_code == 0, zone
        assert "→ 9999-12-31" in result.stdout


def test_a_genuine_card(scene):
    result = scene.verify(scene.text())
    assert result.exit_code == 0
    first, second = result.stdout.strip().splitlines()[:2]
    assert first.split() == ["林㑇", "·", "LIN", "ZHOU", "2020"]
    assert second.strip() == "✓ Genuine"
    assert "Compare name and year of birth" in result.stdout
    assert "Issued by" in result.stdout
    assert "Vaccination · icd-11:1F03 · 2/2 · 2024-09-01" in result.stdout
    assert "no list loaded" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_same_in_chinese(scene):
    result = scene.verify(scene.text(), "--lang", "zh")
    assert "✓ 真卡" in result.stdout
    assert "核对姓名和出生年" in result.stdout
    assert "没有装入清单，未查" in result.stdout


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"HUXIN_LANG": "zh"}, "真卡"),
        ({"HUXIN_LANG": None, "LANG": "zh_CN.UTF-8"}, "真卡"),
        ({"HUXIN_LANG": None, "LC_ALL": "zh_TW", "LANG": "en_US"}, "真卡"),
        ({"HUXIN_LANG": "en", "LANG": "zh_CN.UTF-8"}, "Genuine"),
        ({"HUXIN_LANG": None, "LANG": "C"}, "Genuine"),
        ({"HUXIN_LANG": None}, "Genuine"),
    ],
)
def test_the_language_of_the_surroundings(scene, variables, word):
    assert word in scene.verify(scene.text(), **variables).stdout


def broken(text: str) -> str:
    return text[:60] + ("0" if text[60] != "0" else "1") + text[61:]


def test_every_outcome_has_its_word_symbol_and_exit_status(scene):
    stranger = Terminal(scene.folder)
    nobody = scene.folder / "nobody.json"
    nobody.write_text(json.dumps({"huxin": "trust", "version": 1, "keys": []}))
    text = scene.text()
    for words, status, shown in (
        ((text, "--trust", scene.trust), 0, "✓ Genuine"),
        ((broken(text), "--trust", scene.trust), 1, "✕ Not accepted"),
        ((text, "--trust", nobody), 3, "◆ Check one more"),
        ((text, "--trust", scene.trust, "--purpose", "school-entry"), 4, "? Cannot tell"),
    ):
        result = stranger.run("verify", "--environment", "production", *words)
        assert (result.exit_code, shown in result.stdout) == (status, True), result.stdout


def test_a_specimen_is_refused_in_earnest_and_called_one_in_a_rehearsal(scene):
    text = scene.text("QV")
    real = scene.verify(text)
    assert real.exit_code == 1
    assert "A specimen" in real.stdout
    rehearsal = scene.verify(text, environment="test")
    assert rehearsal.exit_code == 0
    assert "SPECIMEN" in rehearsal.stdout


def test_another_time_is_said_and_all_reasons_are_named(scene):
    result = scene.verify(scene.text(), "--at", "2030-01-01")
    assert result.exit_code == 1
    assert "judged as at 2030-01-01 00:00 UTC, not now" in result.stdout
    also = [line for line in result.stdout.splitlines() if line.strip().startswith("Also")]
    assert len(also) == 1
    assert "(trust list)" in also[0]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Examination(purpose="occupational/food", valid_until=PartialDate(2027, 11, 1)),
         "Examination · occupational/food"),
        (replace(FORUM, exemption=True), "Clearance · forum"),
        (Recovery(disease=Code("icd-11", "1F03"), first_positive=PartialDate(2026, 10)),
         "Recovery · icd-11:1F03 · 2026-10"),
        (Test(disease=Code("icd-11", "1F03"), result=Code("snomed", "260415000"), sampled=NOW),
         "Test · icd-11:1F03 · 2026-11-23 10:00 UTC"),
        (replace(MEASLES_DOSE, series=None), "Vaccination · icd-11:1F03 · 2 · 2024-09-01"),
        (replace(MEASLES_DOSE, dose=None), "Vaccination · icd-11:1F03 · 2024-09-01"),
    ],
    ids=["examination", "exemption", "recovery", "test", "dose", "date"],
)  # fmt: skip
def test_what_a_card_proves_in_a_line(scene, event, line, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    shown = "\n".join(
        one.rstrip() for one in scene.verify(scene.text(about=facts(event))).stdout.splitlines()
    )
    assert line in shown


def test_an_exemption_looks_like_any_other_clearance(scene):
    shown = [
        scene.verify(scene.text(about=facts(replace(FORUM, exemption=exempt)))).stdout
        for exempt in (False, True)
    ]
    assert shown[0] == shown[1]


def test_a_card_without_name_or_birth_is_shown_as_such(scene):
    result = scene.verify("HC1:ABC")
    assert "(whose it is cannot be read)" in result.stdout
    assert "Valid" not in result.stdout
    anonymous = scene.text(about=facts(person=replace(LIN, birth=None)))
    assert scene.verify(anonymous).stdout.splitlines()[1].split() == ["林㑇", "·", "LIN", "ZHOU"]


def test_colour_comes_only_along_and_not_for_genuine():
    for outcome, symbol in answer.SYMBOLS.items():
        verdict = Verdict(outcome, (Reason("ok", "card"),), (), purpose="school")
        word = answer._word(verdict, Speech("en"))
        assert symbol in word.plain
        assert str(word.style) != "bold"
    genuine = Verdict("accepted", (Reason("ok", "card"),), ())
    assert str(answer._word(genuine, Speech("en")).style) == "bold"


# ------------------------------------------------------------------------------- strangers' letters


def test_letters_that_steer_a_terminal_are_shown_and_not_obeyed(scene):
    evil = replace(LIN, name=Name(whole="[red]王\x1b[2J\u202eevil\x9b1m\u2066"))
    text = scene.text(about=facts(person=evil))
    for words in ((), ("--each",), ("--json",)):
        shown = scene.verify(text, *words).stdout
        assert not speech._STEERING.search(shown.replace("\n", ""))
        assert "[red]王" in shown
    assert (
        json.loads(scene.verify(text, "--json").stdout)["cards"][0]["facts"]["person"]["name"][
            "whole"
        ]
        == "[red]王\x1b[2J\u202eevil\x9b1m\u2066".strip()
    )


# ------------------------------------------------------------------------------ where cards come from


def test_a_picture_a_text_file_and_a_pipe(scene):
    text = scene.text()
    picture, file = scene.folder / "card.png", scene.folder / "card.txt"
    picture.write_bytes(qr.png(text))
    file.write_text(f"\n  {text}\n")
    for card, typed in ((picture, ""), (file, ""), ("-", text), ("-", qr.png(text))):
        assert scene.verify(card, typed=typed).exit_code == 0, card


def test_a_page_of_a_pdf(scene):
    page = Image.open(io.BytesIO(qr.png(scene.text(), scale=6))).convert("RGB")
    path = scene.folder / "card.pdf"
    page.save(path, "PDF", resolution=150)
    result = scene.verify(path)
    assert (result.exit_code, "✓ Genuine" in result.stdout) == (0, True)


def chunks(text: str) -> list[str]:
    digits = text.removeprefix("shc:/")
    half = len(digits) // 4 * 2
    return [f"shc:/1/2/{digits[:half]}", f"shc:/2/2/{digits[half:]}"]


def test_a_health_card_in_several_pictures_and_texts(scene):
    one, two = chunks(scene.text(format="shc"))
    first, second = scene.folder / "1.png", scene.folder / "2.txt"
    first.write_bytes(qr.png(one))
    second.write_text(two)
    assert scene.verify(first).exit_code == 1
    assert scene.verify(first, second).exit_code == 0
    assert scene.verify(two, first, scene.text()).exit_code == 0
    assert scene.verify(one, one).exit_code == 1


def test_a_health_card_on_two_pages_of_which_one_is_a_pdf(scene):
    one, two = chunks(scene.text(format="shc"))
    pages = [Image.open(io.BytesIO(qr.png(text, scale=5))).convert("RGB") for text in (one, "x")]
    path = scene.folder / "half.pdf"
    pages[0].save(
        path, "PDF", resolution=150, save_all=True, append_images=[Image.new("RGB", (9, 9))]
    )
    assert scene.verify(path, two).exit_code == 0


def test_cards_of_two_people_shown_together(scene):
    other = facts(person=replace(LIN, name=Name(whole="王小明")))
    result = scene.verify(scene.text(), scene.text(about=other))
    assert result.exit_code == 3
    assert "Name or year of birth differ" in result.stdout


def test_a_reason_names_the_card_it_is_about(scene):
    result = scene.verify(scene.text(), broken(scene.text()))
    assert result.exit_code == 1
    assert "(card 2)" in result.stdout


def test_each_card_for_itself(scene):
    good, specimen = scene.folder / "good.txt", scene.folder / "specimen.txt"
    good.write_text(scene.text())
    specimen.write_text(scene.text("QV"))
    result = scene.verify(good, specimen, "HC1:X", "--each", "--at", "2026-11-24")
    assert result.exit_code == 1
    rows = result.stdout.splitlines()
    assert [row.split()[0] for row in rows[:3]] == ["Name", "林㑇", "林㑇"]
    assert "good.txt" in rows[1]
    assert "#3" in rows[3]
    assert any("SPECIMEN" in row for row in rows)
    data = json.loads(scene.verify(good, specimen, "--each", "--json").stdout)
    assert [(one["source"], one["verdict"]) for one in data] == [
        ("good.txt", "accepted"), ("specimen.txt", "rejected"),
    ]  # fmt: skip


def test_many_cards_are_judged_without_a_bar_where_nobody_watches(scene):
    result = scene.verify(*[scene.text()] * 21, "--each")
    assert result.exit_code == 0
    assert result.stderr == ""


# ---------------------------------------------------------------------------------------------- data


def test_json(scene):
    data = json.loads(scene.verify(scene.text(), "--json").stdout)
    assert data["verdict"] == "accepted"
    assert (data["code"], data["layer"], data["specimen"]) == ("ok", "card", False)
    assert data["text"].startswith("Genuine")
    assert (data["at"], data["valid_from"]) == ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")
    (card,) = data["cards"]
    assert (card["region"], card["format"]) == ("QW", "hcert-100")
    assert card["facts"]["person"]["birth"] == "2020-03-05"
    unread = json.loads(scene.verify("HC1:ABC", "--json").stdout)
    assert (unread["cards"][0]["facts"], unread["valid_from"]) == (None, None)


def test_several_entries_in_a_card_are_a_warning(scene, monkeypatch):
    from huxin.trust.credentials import hcert

    monkeypatch.setattr(hcert, "_warnings", lambda _: ("several-entries",))
    assert "the last one counts" in scene.verify(scene.text()).stdout


# ---------------------------------------------------------------------------------------- revocation


def test_revoked_health_cards(scene):
    card = scene.text(format="shc")
    kid, rid = scene.signers["QW"].health_card_kid, "QW-7F3K-9D2M-Q8XA"
    path = scene.folder / "revoked.json"
    for content, status in (
        ({"kid": kid, "rids": [rid]}, 1),
        ([{"kid": kid, "rids": ["other"]}], 0),
        ([], 0),
    ):
        path.write_text(json.dumps(content))
        result = scene.verify(card, "--revoked", path)
        assert result.exit_code == status, result.stdout
        assert "no list loaded" not in result.stdout
    path.write_text(json.dumps({"kid": kid, "rids": [rid]}))
    refused = scene.verify(card, "--revoked", path, "--lang", "zh")
    assert "已撤回" in refused.stdout
    assert "状态清单" in refused.stdout


@pytest.mark.parametrize("content", ["{", "7", '{"kid": "x"}', '{"kid": "x", "rids": ["*"]}'])
def test_a_revocation_list_gone_wrong(scene, content):
    path = scene.folder / "broken.json"
    path.write_text(content)
    result = scene.verify(scene.text(), "--revoked", path)
    assert result.exit_code == 1
    assert "bad-input" in result.stderr
    assert result.stdout == ""


# --------------------------------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Which card?"),
        (("HC1:X",), "Whom to believe?"),
        (("HC1:X", "--at", "soon"), "is not an instant"),
        (("no/such/card",), "no such file"),
        (("card.jpeg",), "no such file"),
        (("HC1:X", "--jsonl", "-"), "give no CARD beside it"),
        (("HC1:X", "--trust", "no.json"), "does not exist"),
    ],
)
def test_wrong_usage(tmp_path, words, told):
    if "no such file" in told:
        trust = tmp_path / "regions.json"
        trust.write_text('{"huxin": "trust", "version": 1, "keys": []}')
        words = (*words, "--trust", trust)
    result = Terminal(tmp_path).run("verify", *words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    "text", ["", "hello", "hc1:ABC", "HC2:6BF/A", "https://example.org/?x", "x" * 400, "a\0b", "{}"]
)
def test_any_other_text_is_a_card_that_is_none(scene, text):
    assert scene.verify(text).exit_code == 1


def test_a_trust_file_with_faults_is_refused_with_all_of_them(scene):
    path = scene.folder / "faulty.json"
    path.write_text(json.dumps({"huxin": "trust", "version": 1, "keys": [{"region": "x"}] * 30}))
    result = scene.terminal.run("verify", "HC1:X", "--trust", path)
    assert result.exit_code == 1
    assert "The key file cannot be read.  [key-file]" in result.stderr
    assert "entry 1, region: a region is two or three capitals" in result.stderr
    assert "  … " in result.stderr
    assert "Traceback" not in result.stderr
    told = scene.terminal.json("verify", "HC1:X", "--trust", path, "--lang", "zh")["refused"]
    assert told["code"] == "key-file"
    assert told["text"] == "密钥文件读不了。"
    assert len(told["faults"]) > 30


def test_a_card_too_large_to_look_at(scene, monkeypatch):
    from huxin.cli import sources

    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    path = scene.folder / "large.png"
    path.write_bytes(b"x" * 11)
    result = scene.verify(path)
    assert result.exit_code == 1
    assert "too-big" in result.stderr


def test_help_speaks_of_exit_codes_and_shows_examples():
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "退出码" in result.stdout
    assert "cross-check" in result.stdout
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("huxin")


def test_a_moved_clock_is_refused_in_earnest(scene):
    result = scene.terminal.run(
        "verify", scene.text(), "--trust", scene.trust, HUXIN_ENVIRONMENT="production"
    )
    assert result.exit_code == 1
    assert "obeyed only with" in result.stderr
