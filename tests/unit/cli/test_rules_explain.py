"""`huxin rules explain`: what a file of rules asks, in plain words and three writings."""

import json

import pytest

from tests.lib.rules import document, foreign
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


@pytest.fixture
def rules(tmp_path, terminal):
    return saved(
        tmp_path / "school.json",
        terminal.run(
            *("packs", "adopt", "school-entry", "--region", "QV"),
            *("--from", "2026-12-01", "--until", "2027-08-31", "--published", "2026-11-20"),
        ).stdout,
    )


def saved(path, text):
    path.write_text(text, "utf-8")
    return path


def test_a_rule_is_told_in_words(terminal, rules):
    told = terminal.run("rules", "explain", rules)
    assert told.exit_code == 0, told.output
    words = told.stdout
    assert "Rules: 3" in words
    first = words[words.index("QV · SCHOOL-MEASLES · 1.0.0") : words.index("SCHOOL-POLIO")]
    for part in (
        "(school)",
        "informs, turns nobody away",
        "people who show: vaccination, clearance",
        "Two doses against measles. Or a card that says: complete, or exempt.",
        "- disease: one of icd-11:1F03, who:1F03",
        "- number of entries: 2 or more",
        "2026-12-01 00:00 UTC → 2027-08-31 00:00 UTC (to come)",
        "2026-11-20 00:00 UTC",
        "article 1, read on 2026-11-28",
        "illustrative: an example",
        "Please have the missing dose within thirty days.",
    ):
        assert part in first, part
    now = terminal.run("rules", "explain", rules, "--at", "2027-01-01T00:00:00Z").stdout
    assert "(now)" in now
    over = terminal.run("rules", "explain", rules, "--at", "2028-01-01T00:00:00Z").stdout
    assert "(over)" in over


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("zh", ("只提示，不拦人", "接种日期：有没有", "入托入学查验 (school)")),
        ("zh-Hans", ("只提示，不拦人", "接种日期：有没有")),
        ("zh-Hant", ("只提示，不攔人", "接種日期：有沒有", "含麻疹疫苗接種過 2 劑")),
        ("en", ("informs, turns nobody away",)),
    ],
)
def test_three_writings(terminal, rules, language, parts):
    told = terminal.run("rules", "explain", rules, "--lang", language)
    for part in parts:
        assert part in told.stdout, part
    if language == "zh-Hant":
        assert "拦" not in told.stdout
        assert "种" not in told.stdout
    by_variable = terminal.run("rules", "explain", rules, HUXIN_LANG=language[:2])
    if language in ("zh", "en"):
        assert by_variable.stdout == told.stdout


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"HUXIN_LANG": "zh-Hant"}, "只提示，不攔人"),
        ({"HUXIN_LANG": None, "LANG": "zh_TW.UTF-8"}, "只提示，不攔人"),
        ({"HUXIN_LANG": None, "LANG": "zh_CN.UTF-8"}, "只提示，不拦人"),
        ({"HUXIN_LANG": "en", "LANG": "zh_TW.UTF-8"}, "informs, turns nobody away"),
        ({"HUXIN_LANG": None}, "informs, turns nobody away"),
    ],
)
def test_the_surroundings_decide_where_nothing_is_said(terminal, rules, variables, word):
    assert word in terminal.run("rules", "explain", rules, **variables).stdout


def test_told_as_data(terminal, rules):
    data = terminal.json("rules", "explain", rules, "--purpose", "school")
    assert data["at"] == "2026-11-23T10:00:00Z"
    polio = data["rules"][1]
    assert (polio["region"], polio["rule"], polio["version"]) == ("QV", "SCHOOL-POLIO", "1.0.0")
    assert polio["reads"][1] == {"of": "", "lines": ["age: below 48 months"]}
    assert (polio["state"], polio["effect"], polio["outbreak"]) == ("coming", "informs", None)
    assert polio["valid_from"] == "2026-12-01T00:00:00Z"


def test_what_a_rule_leaves_out_is_said(terminal, tmp_path):
    bare = saved(
        tmp_path / "bare.json",
        json.dumps(
            [foreign(), document(published=None, basis=None, standing=None, next_step=None)]
        ),
    )
    told = terminal.run("rules", "explain", bare).stdout
    assert "A dose at least 14 days ago." in told
    assert "- date of the dose: from 14 days after it" in told
    assert told.count("not said") == 8
    data = terminal.json("rules", "explain", bare)
    assert (data["rules"][0]["published"], data["rules"][0]["basis"]) == (None, None)
    silent = saved(tmp_path / "silent.json", json.dumps([foreign(Description=None)]))
    assert terminal.run("rules", "explain", silent).stdout.count("not said") == 5


def test_an_outbreak_is_said(terminal, tmp_path):
    about = {
        "declared": "2026-11-20",
        "remote_lessons": {"zh-Hans": "网上上课", "en": "Lessons online"},
    }
    path = saved(tmp_path / "one.json", json.dumps([document(outbreak=about)]))
    assert "declared 2026-11-20; Lessons online" in terminal.run("rules", "explain", path).stdout


def test_a_purpose_that_nothing_is_asked_for_is_refused(terminal, rules, tmp_path):
    told = terminal.run("rules", "explain", rules, "--purpose", "work")
    assert told.exit_code == 1
    assert "[no-rules]" in told.stderr
    assert "work (school)" in told.stderr
    none = saved(tmp_path / "none.json", "[]")
    assert "[no-rules]" in terminal.run("rules", "explain", none).stderr


def test_words_of_strangers_do_not_steer_the_terminal(terminal, tmp_path):
    steering = document(description={"en": "\x1b[31mred"})
    told = terminal.run("rules", "explain", saved(tmp_path / "x.json", json.dumps(steering)))
    assert "\x1b" not in told.stdout


def test_help_says_where_cards_are_answered(terminal):
    told = terminal.run("rules", "explain", "--help").stdout
    assert "huxin verify card.png --trust regions.json --rules rules.json" in told
