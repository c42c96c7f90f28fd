"""Lists as people have them: real files in every form, with every fault."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.adapters import spreadsheet, tables
from huxin.adapters.tables import List, RowFault, read_list
from huxin.kernel.errors import RefusalError
from huxin.packs.entries import match_head
from huxin.packs.reader import Column, Pack, demo_people, pack

TODAY = date(2026, 11, 24)
SCHOOL = pack("school-entry")
ROWS = [dict(person.row) for person in demo_people("school-entry", date(2026, 11, 23))]
IDS = ["name", "latin", "birth", "vaccine", "dose", "date", "batch", "office"]
ZH = ["姓名", "拼音", "出生日期", "疫苗", "剂次", "接种日期", "批号", "签发单位"]
EN = [
    "Name",
    "Latin name",
    "Birth date",
    "Vaccine",
    "Dose",
    "Date given",
    "Batch",
    "Issuing office",
]


def cells(row: Mapping[str, str]) -> list[str]:
    return [row.get(one, "") for one in IDS]


def csv_text(heads: Sequence[str] = ZH, rows: Sequence[Sequence[str]] = (), by: str = ",") -> str:
    body = rows or [cells(row) for row in ROWS]
    return "\r\n".join(by.join(line) for line in [heads, *body]) + "\r\n"


def xlsx(
    rows: Sequence[Sequence[Any]], change: Callable[[Any], None] = lambda sheet: None
) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes | str, **how: Any) -> List:
    raw = data.encode("utf-8") if isinstance(data, str) else data
    return read_list(raw, SCHOOL, today=TODAY, **how)


def refusal(data: bytes | str, **how: Any) -> tuple[str, str]:
    with pytest.raises(RefusalError) as caught:
        read(data, **how)
    return caught.value.refusal.code, caught.value.refusal.detail


def names(found: List) -> list[str | None]:
    return [entry.text("name") for _, entry in found.entries]


# ------------------------------------------------------------------------------------ every form


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    found = read(csv_text().encode(encoding))
    assert names(found) == [row["name"] for row in ROWS]
    assert found.faults == ()


@pytest.mark.parametrize("by", [",", ";", "\t"])
def test_delimiters(by):
    assert names(read(csv_text(by=by))) == [row["name"] for row in ROWS]


def test_heads_in_either_language_and_any_order():
    assert names(read(csv_text(EN))) == names(read(csv_text(ZH)))
    turned = [list(reversed(line)) for line in [EN, *map(cells, ROWS)]]
    assert names(read(csv_text(turned[0], turned[1:]))) == names(read(csv_text(ZH)))


def test_a_title_and_empty_lines_do_no_harm():
    text = "苇洲幼儿园 秋季名单,,,\r\n,,,\r\n" + csv_text() + ",,,,,,,\r\n\r\n"
    found = read(text)
    assert found.entries[0][0] == 4
    assert len(found.entries) == len(ROWS)


def test_the_template_comes_back_as_a_list():
    data = tables.template(SCHOOL)
    assert data.startswith(b"\xef\xbb\xbf")
    assert refusal(data) == ("table", "no row under the heads")
    heads = data.decode("utf-8-sig").strip().split(",")
    filled = [ROWS[0].get(column.id, "") for column in SCHOOL.columns]
    assert names(read(csv_text(heads, [filled]))) == ["林㑇"]


def test_json_lines():
    lines = [json.dumps(row | {"dose": int(row["dose"])}, ensure_ascii=False) for row in ROWS]
    found = read("\n".join([lines[0], "", *lines[1:]]) + "\n")
    assert names(found) == [row["name"] for row in ROWS]
    assert [line for line, _ in found.entries][:2] == [1, 3]


def test_json_lines_with_faults():
    good = json.dumps(
        {"姓名": "林㑇", "birth": "2020", "vaccine": "MMR", "dose": 1, "date": "2024-09-01"}
    )
    bad = [
        "{not json",
        '{"name": "林㑇", "name": "苏𠅤"}',
        '{"name": "林㑇", "姓名": "苏𠅤"}',
        '{"班级": "大一班"}',
        '{"name": "林㑇", "birth": 2020.5, "vaccine": null, "dose": true, "date": ["2024"]}',
    ]
    found = read("\n".join([good, *bad]))
    assert names(found) == ["林㑇"]
    told = [(fault.line, fault.field, fault.code) for fault in found.faults]
    assert (2, "", "bad-input") in told
    assert (3, "", "bad-input") in told
    assert (4, "name", "column") in told
    assert (5, "", "column") in told
    assert [one for one in told if one[0] == 6] == [
        (6, "birth", "bad-input"),
        (6, "dose", "bad-input"),
        (6, "date", "bad-input"),
        (6, "vaccine", "missing"),
    ]
    ignored = read("\n".join([good, '{"班级": "大一班"}']), ignore=("班级",))
    assert {fault.code for fault in ignored.faults} == {"missing"}


# ------------------------------------------------------------------------------------ spreadsheets


def test_a_spreadsheet_keeps_zeros_and_reads_dates():
    def change(sheet: Any) -> None:
        sheet["G2"].value = 42
        sheet["G2"].number_format = "00000"
        sheet["G3"].value = "000731"
        sheet["F2"].value = datetime(2026, 10, 14)  # noqa: DTZ001 - a spreadsheet knows no zone
        sheet["F3"].value = datetime(2026, 9, 23, 8, 30)  # noqa: DTZ001 - nor here
        sheet["F4"].value = date(2026, 9, 9)
        sheet["E2"].value = 2.0

    found = read(xlsx([ZH, *map(cells, ROWS)], change))
    assert found.faults == ()
    first, second, third = (entry for _, entry in found.entries[:3])
    assert first.text("batch") == "00042"
    assert second.text("batch") == "000731"
    assert [str(one.date("date")) for one in (first, second, third)] == [
        "2026-10-14",
        "2026-09-23",
        "2026-09-09",
    ]


def formula_with_value(data: bytes, value: str) -> bytes:
    """The workbook with a computed value beside its formula, as a spreadsheet program saves it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v></v>", b"").replace(b"<v />", b"")
                content = content.replace(b"</f>", f"</f><v>{value}</v>".encode())
            new.writestr(part.filename, content)
    return out.getvalue()


def test_a_formula_gives_its_value_and_never_an_empty_cell():
    def change(sheet: Any) -> None:
        sheet["E2"].value = "=1+1"

    bare = xlsx([ZH, *map(cells, ROWS)], change)
    found = read(bare)
    assert found.faults == (RowFault(2, "dose", "bad-input", "a formula without a computed value"),)
    assert len(found.entries) == len(ROWS) - 1
    computed = read(formula_with_value(bare, "2"))
    assert computed.faults == ()
    assert computed.entries[0][1].number("dose") == 2


def test_what_a_spreadsheet_spoiled_is_told():
    def change(sheet: Any) -> None:
        sheet["G2"].value = 123456789012345678
        sheet["G3"].value = "#N/A"
        sheet["G3"].data_type = "e"
        sheet["E4"].value = True
        sheet["E5"].value = 1.5

    told = [(one.line, one.field) for one in read(xlsx([ZH, *map(cells, ROWS)], change)).faults]
    assert told == [(2, "batch"), (3, "batch"), (4, "dose"), (5, "dose")]


def test_the_first_sheet_that_is_shown_is_read():
    book = openpyxl.Workbook()
    first: Any = book.active
    first.sheet_state = "hidden"
    shown = book.create_sheet("名单")
    for row in [ZH, cells(ROWS[0])]:
        shown.append(row)
    out = io.BytesIO()
    book.save(out)
    assert names(read(out.getvalue())) == ["林㑇"]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_that_is_no_spreadsheet():
    assert refusal(zipped(word__document=b"x"))[0] == "table"


def test_a_spreadsheet_that_unpacks_without_end():
    bomb = zipped(**{"xl/workbook.xml": b"x", "bomb": bytes(spreadsheet._MAX_UNPACKED + 1)})
    assert len(bomb) < 200_000
    assert refusal(bomb) == ("too-big", "the unpacked spreadsheet")


def test_a_spreadsheet_without_a_sheet_to_be_seen():
    data = xlsx([ZH])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, content.replace(b'state="visible"', b'state="hidden"'))
    assert refusal(out.getvalue()) == ("table", "no sheet to be seen")


@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), cut=st.integers(0, 10**6))
def test_a_damaged_spreadsheet_is_refused_or_read(at, byte, cut):
    whole = bytearray(xlsx([ZH, cells(ROWS[0])]))
    whole[at % len(whole)] = byte
    try:
        read(bytes(whole[: len(whole) - cut % 3 * (cut % 400)]))
    except RefusalError as error:
        assert error.refusal.code in ("table", "column", "too-big")


# -------------------------------------------------------------------------------- wrong as a whole


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        pytest.param(b"", "no heads of this pack in the first rows", id="empty"),
        pytest.param(b"\n\n", "no heads of this pack in the first rows", id="blank"),
        pytest.param("甲,乙\n1,2\n", "no heads of this pack in the first rows", id="another list"),
        pytest.param(csv_text()[:30].encode() + b"\x00\x01", "neither a spreadsheet", id="binary"),
        pytest.param(b"\xff\xff\xff\xff", "neither a spreadsheet", id="no encoding"),
        pytest.param(b"\xd0\xcf\x11\xe0" + bytes(600), "the old .xls form", id="old Excel"),
        pytest.param('姓名,疫苗\n"林㑇"x,y\n', "a quotation mark out of place", id="quotation"),
    ],
)
def test_what_is_no_list(data, detail):
    code, told = refusal(data)
    assert code == "table"
    assert told.startswith(detail)


def test_a_column_that_nobody_knows_is_named_and_may_be_left_out():
    text = csv_text([*ZH, "班级", "电话"], [[*cells(ROWS[0]), "大一班", "1"]])
    assert refusal(text) == ("column", "不认得 unknown: 班级, 电话")
    assert names(read(text, ignore=("班级", "电话"))) == ["林㑇"]


def test_a_column_that_is_missing_is_named_and_may_be_given():
    text = csv_text(ZH[:4], [cells(ROWS[0])[:4]])
    assert refusal(text) == ("column", "缺少 missing: 剂次 Dose, 接种日期 Date given")
    found = read(text, given={"dose": "1", "date": "2026-10-01"})
    assert found.entries[0][1].number("dose") == 1


def test_what_is_given_fills_only_what_is_empty():
    rows = [cells(ROWS[0]), cells(ROWS[1] | {"office": ""})]
    found = read(csv_text(ZH, rows), given={"office": "云渡门诊"})
    assert [entry.text("office") for _, entry in found.entries] == [ROWS[0]["office"], "云渡门诊"]


def test_a_column_twice():
    assert refusal(csv_text([*ZH, "儿童姓名"], [[*cells(ROWS[0]), "x"]])) == (
        "column",
        "重复 twice: name",
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes(tables.MAX_BYTES + 1), id="bytes"),
        pytest.param((csv_text() + "x\n" * tables.MAX_ROWS).encode(), id="rows"),
        pytest.param(b'{"a": 1}\n' * (tables.MAX_ROWS + 1), id="lines"),
        pytest.param(csv_text([*ZH, *["x"] * 100]).encode(), id="columns"),
    ],
)
def test_a_list_that_is_too_large(data):
    assert refusal(data)[0] == "too-big"


def looked_at(monkeypatch, data) -> int:
    """How many cells were taken for a head that may be known; the list is refused."""
    asked: list[str] = []

    def counted(pack: Pack, head: str) -> Column | None:
        asked.append(head)
        return match_head(pack, head)

    monkeypatch.setattr(tables, "match_head", counted)
    with pytest.raises(RefusalError):
        read(data)
    return len(asked)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a," * 40_000, id="one long line"),
        pytest.param(b"a;" * 40_000, id="semicolons"),
        pytest.param((b"a\t" * 10_000 + b"\n") * 10, id="ten long lines"),
        pytest.param(("姓名," + "a," * 40_000 + "\n").encode(), id="a head and many more"),
        pytest.param(
            json.dumps({f"a{number}": "" for number in range(40_000)}).encode(), id="one object"
        ),
        pytest.param(
            b"".join(b'{"a%d": ""}\n' % number for number in range(10_000)), id="many objects"
        ),
    ],
)
def test_however_wide_a_list_is_few_of_its_cells_are_taken_for_heads(monkeypatch, data):
    # Ten rows, three delimiters and the choice of the head's row.
    assert looked_at(monkeypatch, data) <= 5 * tables._TITLE_ROWS * (tables._MAX_COLUMNS + 1)


def wide(row: int, **cell: Any) -> bytes:
    """A spreadsheet with a cell far to the right in one row."""
    book = openpyxl.load_workbook(io.BytesIO(xlsx([ZH, cells(ROWS[0])])))
    far = book.worksheets[0].cell(row, 16_384, **cell)
    far.number_format = "0"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("row", [1, 2])
def test_a_spreadsheet_with_a_value_far_to_the_right_is_too_wide(row):
    assert refusal(wide(row, value="x")) == ("too-big", "more than 100 columns")


@pytest.mark.parametrize("row", [1, 2])
def test_empty_cells_far_to_the_right_say_nothing(row):
    assert names(read(wide(row))) == ["林㑇"]


def test_a_spreadsheet_of_empty_cells_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 100)
    assert refusal(wide(2)) == ("too-big", "more than 10000 cells, empty ones too")


# ------------------------------------------------------------------------------------ faulty rows


def test_faults_are_told_by_line_and_field_and_the_rest_is_kept():
    rows = [cells(row) for row in ROWS]
    rows[2][0] = ""
    rows[4][5] = "2024/13/1"
    rows[4][4] = "x"
    rows[7] = rows[0]
    rows[8].append("left over")
    found = read(csv_text(ZH, rows))
    assert len(found.entries) == len(ROWS) - 4
    assert found.faults == (
        RowFault(4, "name", "missing"),
        RowFault(6, "dose", "bad-input", "not a number from 1 to 20"),
        RowFault(6, "date", "bad-input", "not a date of the calendar"),
        RowFault(9, "", "duplicate", "line 2"),
        RowFault(10, "", "bad-input", "more cells than heads"),
    )


def test_the_same_child_with_another_dose_is_no_repetition():
    rows = [cells(ROWS[0]), cells(ROWS[0] | {"dose": "1", "date": "2022-09-01"})]
    assert len(read(csv_text(ZH, rows)).entries) == 2


def test_five_hundred_rows_with_bad_ones():
    rows = []
    for number in range(500):
        row = cells(ROWS[number % len(ROWS)] | {"batch": f"{number:05d}"})
        if number % 42 == 7:
            row[4] = "99"
        rows.append(row)
    found = read(csv_text(ZH, rows).encode("gb18030"))
    assert len(found.faults) == 12
    assert len(found.entries) == 488
    assert {fault.field for fault in found.faults} == {"dose"}
    assert found.faults[0].line == 9
