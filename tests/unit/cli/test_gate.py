"""`huxin gate`: codes come in line by line, answers go out to the gate and to nobody else."""

import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from itertools import chain, repeat

import pytest

from huxin.adapters.practice import changed_text
from huxin.trust import reading
from huxin.trust.issue import issue
from tests.lib.federations import DAY, HOUR, NOW, Federation, key_row, keys_file, text
from tests.lib.regions import Region, facts
from tests.lib.rules import TWO_DOSES, document, foreign
from tests.lib.terminal import Terminal

CARDS = Region("QV", int.from_bytes(sha256(b"QV key 1").digest(), "big") >> 1)
CARD = issue(facts(), CARDS, now=NOW).text
(_OPENED,) = reading.open(CARD)
assert _OPENED.credential is not None
CHANGED = changed_text(_OPENED.credential)
STRANGER = issue(facts(), Region("QV", 77), now=NOW).text


class Gate:
    """A gate with a list that was signed an hour ago; what its command did lies in `opened`."""

    def __init__(self, folder):
        self.folder = folder
        self.terminal = Terminal(folder, now=text(NOW + HOUR))
        federation = Federation(3)
        federation.contents["QV/keys.cbor"] = keys_file("QV", [key_row("QV key 1", kid=CARDS.kid)])
        federation.publish("region-QV")
        federation.write(folder / "place")
        self.state = folder / "state"
        assert self.terminal.run("trust", "refresh", "--from", folder / "place", "--state", self.state).exit_code == 0  # fmt: skip
        self.opened = folder / "opened"

    def words(self, *more):
        return ("gate", "--trust-state", self.state, "--environment", "production", *more)

    def run(self, *more, typed=CARD, **variables):
        return self.terminal.run(*self.words(*more), typed=typed, **variables)

    def told(self, *more, typed=CARD, **variables):
        """Each line of what it says as data."""
        result = self.run("--json", *more, typed=typed, **variables)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def asking(self, doses=1, **changes):
        """The words of a gate that asks a rule: so many doses against measles."""
        logic = {">=": [TWO_DOSES[">="][0], doses]}
        path = self.folder / "rules.json"
        rule = document(**{"purpose": "event/forum", "logic": logic} | changes)
        path.write_text(json.dumps({"rules": [rule]}), "utf-8")
        return ("--rules", path, "--purpose", "event/forum")

    def command(self, words=""):
        """The words of a gate that opens: a program that notes with what it was called."""
        note = self.folder / "note.py"
        note.write_text(
            "import os, sys\n"
            f"open({str(self.opened)!r}, 'a').write(repr((sys.argv[1:], sys.stdin.read())) + '\\n')\n"
            "sys.exit(3 if 'stuck' in sys.argv else 0)\n"
        )
        return ("--open-command", f"{sys.executable} {note} {words}")


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path)


def outcomes(told):
    return [(one["outcome"], one["code"], one["lane"]) for one in told if "outcome" in one]


def test_codes_are_answered_line_by_line_and_counted(gate):
    typed = f"{CARD}\n\n{CHANGED}\r\n{STRANGER}\nHC1:nothing\n{CARD}"
    *answers, counts = gate.told(typed=typed)
    assert outcomes(answers) == [
        ("accepted", "ok", False),
        ("rejected", "signature", True),
        ("cross-check", "untrusted", True),
        ("rejected", "base45", True),
        ("accepted", "ok", False),
    ]
    assert counts == {"counts": {"accepted": 2, "rejected": 2, "cross-check": 1, "unknown": 0, "opened": 0}}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "first"), [("zh", "真卡"), ("en", "Genuine")], ids=["zh", "en"]
)
def test_the_screen_says_it_in_both_languages_and_names_nobody(gate, language, first):
    said = gate.run(typed=f"{CARD}\n{CHANGED}\n", HUXIN_LANG=language)
    assert said.exit_code == 0
    assert said.stderr == ""
    words = (
        "真卡",
        "Genuine",
        "请走人工通道",
        "Please use the staffed lane",
        "60 分钟前签的",
        "signed 60 minutes ago",
    )
    for one in words:
        assert one in said.stdout
    assert min(words[:2], key=said.stdout.index) == first
    for secret in ("林㑇", "LIN", "2020", CARD[4:40], "2026"):
        assert secret not in said.stdout


def test_a_gate_opens_for_a_rule_that_is_met_and_tells_its_command_nothing(gate):
    asking = (*gate.asking(), *gate.command("relay 'on 3'; $HOME"))
    *answers, counts = gate.told(*asking, typed=f"{CARD}\n{CHANGED}\n{STRANGER}\n")
    assert [one["outcome"] for one in answers] == ["accepted", "rejected", "cross-check"]
    assert counts["counts"]["opened"] == 1
    assert gate.opened.read_text() == f"{(['relay', 'on 3;', '$HOME'], '')!r}\n"


def test_a_gate_does_not_open_where_the_rule_is_not_met(gate):
    *answers, counts = gate.told(*gate.asking(doses=2), *gate.command())
    assert outcomes(answers) == [("rejected", "rule", True)]
    assert counts["counts"]["opened"] == 0
    assert not gate.opened.exists()


@pytest.mark.parametrize("command", ["stuck", None], ids=["fails", "is not there"])
def test_a_command_that_does_not_open_sends_people_to_the_staffed_lane(gate, command):
    opening = gate.command(command) if command else ("--open-command", "/no/such/program")
    (answer, counts) = gate.told(*gate.asking(), *opening)
    assert (answer["outcome"], answer["lane"]) == ("accepted", True)
    assert counts["counts"]["opened"] == 0
    assert "The gate did not open" in gate.run(*gate.asking(), *opening).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--open-command", "relay"), "genuine is not the same as accepted"),
        (("--open-command", ""), "genuine is not the same as accepted"),
    ],
)
def test_no_gate_opens_without_a_rule(gate, words, told):
    result = gate.run(*words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(("command", "told"), [("", "empty"), ("relay 'on", "quotation")])
def test_a_command_that_is_none_is_refused(gate, command, told):
    result = gate.run(*gate.asking(), "--open-command", command)
    assert result.exit_code == 2
    assert told in result.stderr


def test_no_gate_asks_a_rule_that_only_informs(gate):
    result = gate.run(*gate.asking(effect="informs"))
    assert result.exit_code == 2
    assert "no gate may ask them" in result.stderr
    # What an issuer says of its own certificates turns nobody away who shows none of them.
    words = gate.asking(effect="informs", purpose="entry")
    content = json.loads(words[1].read_text("utf-8"))
    content["rules"].append(foreign(Type="Invalidation"))
    words[1].write_text(json.dumps(content), "utf-8")
    assert "no gate may ask them" in gate.run("--rules", words[1], "--purpose", "entry").stderr


def test_of_several_regions_rules_a_gate_asks_its_own(gate):
    words = gate.asking()
    content = json.loads(words[1].read_text("utf-8"))
    content["rules"].append(content["rules"][0] | {"region": "QW", "logic": False})
    words[1].write_text(json.dumps(content), "utf-8")
    assert outcomes(gate.told(*words)) == [("rejected", "rule", True)]
    assert outcomes(gate.told(*words, "--region", "QV")) == [("accepted", "ok", False)]
    assert outcomes(gate.told(*words, "--region", "QX")) == [("unknown", "no-rules", True)]


def test_a_gate_whose_rule_has_ended_does_not_open_for_one_that_informs(gate, monkeypatch):
    words = gate.asking()
    (rule,) = json.loads(words[1].read_text("utf-8"))["rules"]
    informs = rule | {"id": "QW-EVENT-2", "effect": "informs"}
    rules = [rule | {"valid_until": text(NOW + DAY)}, informs]
    words[1].write_text(json.dumps({"rules": rules}), "utf-8")
    asking = (*words, *gate.command())
    today, later = NOW + HOUR, NOW + DAY + HOUR
    assert outcomes(gate.told(*asking)) == [("accepted", "ok", False)]
    assert "no gate may ask them" in gate.run(*asking, HUXIN_NOW=text(later)).stderr
    # One that began in time stays shut: it looks once at the start and once for its screen, then for each card.
    times = chain([today, today], repeat(later))
    monkeypatch.setattr("huxin.adapters.clock.now", lambda: next(times))
    gate.opened.unlink()
    assert outcomes(gate.told(*asking)) == [("unknown", "no-rules", True)]
    assert not gate.opened.exists()


def test_a_list_that_is_too_old_opens_for_nobody(gate):
    late = text(NOW + 31 * DAY)
    *answers, _ = gate.told(*gate.asking(), *gate.command(), HUXIN_NOW=late)
    assert outcomes(answers) == [("unknown", "trust-old", True)]
    assert not gate.opened.exists()
    assert "Please use the staffed lane" in gate.run(HUXIN_NOW=late).stdout


def test_a_list_that_is_away_or_spoilt_opens_for_nobody(gate):
    (gate.state / "accepted.bundle").write_bytes(b"spoilt")
    assert outcomes(gate.told()) == [("unknown", "trust-file", True)]
    (gate.state / "accepted.bundle").unlink()
    assert outcomes(gate.told()) == [("unknown", "trust-missing", True)]


@pytest.mark.parametrize(
    ("typed", "status"), [(CARD, 0), (CHANGED, 1), (STRANGER, 3), ("", 4)], ids=["0", "1", "3", "4"]
)
def test_once_is_one_card_and_its_exit_status(gate, typed, status):
    result = gate.run("--once", "--json", typed=f"{typed}\n{CHANGED}\n" if typed else "")
    assert result.exit_code == status
    assert len(result.stdout.splitlines()) == (2 if typed else 1)


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_line_that_is_too_long_is_dropped_unread(gate, end):
    *answers, counts = gate.told(typed=f"{CARD}\n{'HC1:' + 'A' * 1_000_000}{end}")
    assert [one["code"] for one in answers] == ["ok", "too-big"]
    assert counts["counts"]["rejected"] == 1


def test_a_card_in_several_codes_is_put_together(gate):
    typed = f"shc:/1/2/56762909\n{CARD}\nshc:/1/2/56762909\nshc:/2/2/00000000\n"
    told = gate.told(typed=typed)
    # Somebody else's card in between is theirs alone.
    assert [one.get("part", one.get("outcome")) for one in told[:-1]] == [True, "accepted", True, "rejected"]  # fmt: skip
    assert "scan the next one" in gate.run(typed=typed).stdout


def test_parts_without_an_end_are_not_kept_for_ever(gate):
    told = gate.told(typed="shc:/1/9/567629\n" * 9)
    assert [one.get("part") for one in told] == [*[True] * 8, None, None]


def test_a_list_that_was_refreshed_counts_at_once(gate, tmp_path):
    process = start(gate)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{CARD}\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["code"] == "ok"
    (gate.state / "accepted.bundle").unlink()
    process.stdin.write(f"{CARD}\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["code"] == "trust-missing"
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_its_counts(gate, number):
    process = start(gate)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{CARD}\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["outcome"] == "accepted"
    process.send_signal(number)
    assert json.loads(process.stdout.readline())["counts"]["accepted"] == 1
    process.communicate()
    assert process.returncode == 0


def start(gate):
    """A gate in a process of its own, as it stands at a door."""
    words = [str(one) for one in gate.words("--json")]
    return subprocess.Popen(
        [sys.executable, "-c", "from huxin.cli.main import main; main()", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {key: value for key, value in gate.terminal.environment.items() if value}
        | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
