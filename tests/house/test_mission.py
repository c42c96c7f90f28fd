"""The mission page may not promise more than there is.

`docs/explanation/mission.md` goes through the words of the 2020 commentary, one table row each.  A row that
says *works* or *partly* names a page or command that exists and a test file that exists; every word of the
commentary has its row; whatever is out of scope says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lib.documents import ROOT, check_command, relative_links, table_rows

PAGE = ROOT / "docs" / "explanation" / "mission.md"
COLUMNS = 6
STATES = ("works", "partly", "not yet", "out of scope")
_NAMES = """
    健康码 健康监测 区域间的互信 共同掌握 共治 和平 安全 开放 合作 有序 清朗空间 内容建设 远程会诊 维持接诊量 病人管理
    数字化疫情防控 经济恢复 非接触经济 网上购物 在线教育 远程医疗 5G 人工智能 智慧城市 共享 数据安全合作 数字基础设施
    公平竞争环境 就业 税收 弱势群体 数字鸿沟 扫一扫分享
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the commentary and what became of it."""

    name: str
    english: str
    state: str
    meaning: str
    page: str
    test: str


def _rows() -> list[Row]:
    cells = [row for row in table_rows(PAGE.read_text("utf-8")) if len(row) == COLUMNS]
    return [Row(*row) for row in cells]


ROWS = _rows()
SHOWN = [row for row in ROWS if row.state in ("works", "partly")]


def test_every_word_of_the_commentary_has_exactly_one_row() -> None:
    assert sorted(row.name for row in ROWS) == sorted(_NAMES.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_complete_and_in_both_languages(row: Row) -> None:
    assert row.state in STATES
    assert row.english
    assert re.search(r"[\u4e00-\u9fff]", row.meaning), "the meaning lacks Chinese"
    assert re.search(r"[A-Za-z]{3}", row.meaning), "the meaning lacks English"


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.name)
def test_what_a_row_claims_can_be_opened_and_is_tested(row: Row) -> None:
    links = relative_links(row.page)
    commands = re.findall(r"`(huxin [^`]+)`", row.page)
    assert links or commands, f"{row.name}: no page or command"
    for link in links:
        assert (PAGE.parent / link.split("#")[0]).exists(), f"{row.name}: {link} is missing"
    for command in commands:
        check_command(command)
    tests = re.findall(r"`(tests/[^`]+)`", row.test)
    assert tests, f"{row.name}: no test"
    for test in tests:
        assert (ROOT / Path(test)).is_file(), f"{row.name}: {test} is missing"


@pytest.mark.parametrize("row", [row for row in ROWS if row not in SHOWN], ids=lambda row: row.name)
def test_what_is_not_there_shows_no_page(row: Row) -> None:
    assert row.page == row.test == "—"
