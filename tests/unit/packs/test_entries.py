"""What people type: every way that is plain, and no guess where it is not."""

from dataclasses import replace
from datetime import date

import pytest

from huxin.kernel.instants import PartialDate
from huxin.packs.entries import Entry, Fault, match_head, read_entry
from huxin.packs.reader import Term, demo_people, pack

TODAY = date(2026, 11, 23)


def row(pack_name: str = "school-entry", **cells: str) -> dict[str, str]:
    return {**demo_people(pack_name, TODAY)[0].row, **cells}


def read(pack_name: str = "school-entry", **cells: str) -> Entry:
    found = read_entry(pack(pack_name), row(pack_name, **cells), today=TODAY)
    assert isinstance(found, Entry), found
    return found


def faults(pack_name: str = "school-entry", **cells: str) -> list[tuple[str, str]]:
    found = read_entry(pack(pack_name), row(pack_name, **cells), today=TODAY)
    assert not isinstance(found, Entry)
    return [(fault.field, fault.code) for fault in found]


@pytest.mark.parametrize(
    "written",
    [
        "2024-09-01", "2024/9/1", "2024.9.1", "2024年9月1日", "2024 年 9 月 1 日", "20240901",
        "２０２４／９／１", "２０２４年９月１日", "2024—09—01", "2024-09-01 00:00:00",
        "2024-09-01T08:30", "2024/9/1 8:30", " 2024-9-1 ",
    ],
)  # fmt: skip
def test_a_day_in_every_plain_way(written):
    assert read(date=written).date("date") == PartialDate(2024, 9, 1)


@pytest.mark.parametrize(
    "written",
    [
        "01/09/2024",
        "9/1/24",
        "2024-13-01",
        "2024-02-30",
        "2024-09-00",
        "2024-9",
        "45536",
        "昨天",
        "2024-09-01x",
    ],
)
def test_a_day_that_is_not_plain_is_not_guessed(written):
    assert faults(date=written) == [("date", "bad-input")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-03-18", PartialDate(2020, 3, 18)),
        ("2020年3月", PartialDate(2020, 3)),
        ("2020-03", PartialDate(2020, 3)),
        ("２０２０", PartialDate(2020)),
        ("2020年", PartialDate(2020)),
        ("20200318", PartialDate(2020, 3, 18)),
        ("2020-00-00", PartialDate(2020)),
    ],
)
def test_a_birth_date_of_any_precision(written, meant):
    assert read(birth=written).date("birth") == meant


@pytest.mark.parametrize("written", ["1899-12-31", "2026-11-24", "2020-13", "long ago"])
def test_a_birth_date_that_cannot_be(written):
    assert ("birth", "bad-input") in faults(birth=written)


@pytest.mark.parametrize("written", ["2", "２", "第2剂", "第 2 针", "2 剂", "02"])
def test_a_dose_in_every_plain_way(written):
    assert read(dose=written).number("dose") == 2


@pytest.mark.parametrize("written", ["0", "21", "two", "2.0", "-1", "1/2", "三"])
def test_a_dose_that_is_no_number_of_doses(written):
    assert faults(dose=written) == [("dose", "bad-input")]


@pytest.mark.parametrize(
    "written", ["麻腮风", "麻腮风疫苗", "MMR", "mmr", "ＭＭＲ", "Measles, mumps, rubella"]
)
def test_a_choice_by_any_of_its_words(written):
    found = read(vaccine=written)
    assert found.choice.id == "mmr"
    assert found.choice.disease == "icd-11:1F03"


def test_a_choice_of_no_list():
    assert faults(vaccine="万能疫苗") == [("vaccine", "bad-input")]


@pytest.mark.parametrize(
    "name", ["林㑇", "江䶮", "苏𠅤", "米拉·苇上渔歌", "Tomas Reedman", "Žofie"]
)
def test_names_are_kept_letter_for_letter(name):
    assert read(name=name).text("name") == name


def test_a_name_is_put_into_one_form_and_trimmed():
    assert read(name="\u3000Andre\u0301\u00a0 Lun \ufeff").text("name") == "André Lun"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("12345", id="digits"),
        pytest.param("林\ue863", id="a letter of a private font"),
        pytest.param("林\x07", id="a control"),
        pytest.param("林" * 81, id="too long"),
    ],
)
def test_a_name_that_others_could_not_read(name):
    assert faults(name=name) == [("name", "bad-input")]


def test_latin_names():
    assert read(latin="Ｌｉｎ  zhou").text("latin") == "Lin zhou"
    assert read(latin="O’Reed-Lake").text("latin") == "O'Reed-Lake"
    assert faults(latin="LÜ") == [("latin", "bad-input")]


def test_codes_keep_their_zeros_and_lose_their_spaces():
    assert read("icvp", document="００ 731").text("document") == "00731"
    assert faults("icvp", document="护照七") == [("document", "bad-input")]
    assert faults("icvp", nationality="UTOPIA") == [("nationality", "bad-input")]


def test_every_fault_of_a_row_is_told():
    assert faults(name="", dose="x", date="2027-01-01") == [
        ("name", "missing"),
        ("dose", "bad-input"),
        ("date", "bad-input"),
    ]


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"birth": "2024-09-02", "date": "2024-09-01"}, "date"),
        ({"dose": "3", "series": "2"}, "dose"),
    ],
)
def test_two_columns_that_contradict_each_other(cells, field):
    assert faults(**cells) == [(field, "bad-input")]


def test_a_term_before_the_dose():
    assert faults("icvp", date="2026-10-01", valid_until="2026-09-30") == [
        ("valid_until", "bad-input")
    ]


def test_yellow_fever_counts_from_the_tenth_day_for_life():
    found = read("icvp", date="2026-11-01")
    assert found.date("valid_from") == PartialDate(2026, 11, 11)
    assert found.date("valid_until") == PartialDate(9999, 12, 31)


def test_what_was_written_outweighs_the_usual_term():
    found = read("icvp", disease="脊灰", date="2026-11-01", valid_until="2027-03-01")
    assert found.date("valid_until") == PartialDate(2027, 3, 1)
    assert found.date("valid_from") is None


def test_a_term_without_its_start_leaves_the_column_empty():
    dated = replace(pack("school-entry"), terms={"complete_until": Term("series", years=1)})
    found = read_entry(dated, row(complete_until=""), today=TODAY)
    assert isinstance(found, Entry)
    assert found.date("complete_until") is None


@pytest.mark.parametrize("first", ["9999-12-31", "9999-12-01", "9998-12-31"])
def test_a_term_that_would_pass_the_calendar_is_a_fault_of_the_day_it_counts_from(first):
    found = read_entry(
        pack("measles-outbreak"),
        {"name": "林", "birth": "2010", "clearance": "immune", "valid_from": first},
        today=TODAY,
    )
    assert found == (Fault("valid_from", "bad-input", "too far ahead"),)


def test_a_term_of_years_that_would_pass_the_calendar_is_no_date():
    assert Term(years=1).of(date(9998, 12, 31)) is None
    assert Term(years=1).of(date(9998, 1, 1)) == date(9998, 12, 31)
    assert Term(years=10).of(date(9995, 2, 28)) is None
    assert Term(life=True).of(date(2026, 1, 1)) == date.max


def test_a_health_card_ends_after_a_year():
    found = read("occupational-health", date="2026-03-01")
    assert found.date("valid_until") == PartialDate(2027, 2, 28)


def test_the_usual_number_of_doses_is_filled_in_unless_a_booster_shows_otherwise():
    assert read(dose="1").number("series") == 2
    assert read(dose="3").number("series") is None
    assert read(dose="3", series="4").number("series") == 4


def test_what_was_left_empty_is_absent():
    found = read(batch=" ", guardian="")
    assert found.text("batch") is None
    assert found.date("batch") is None
    assert found.number("batch") is None


@pytest.mark.parametrize(
    "head",
    [
        "姓名",
        " 姓 名 ",
        "姓名*",
        "name",
        "NAME",
        "Name",
        "姓名 Name",
        "姓名（必填）",
        "儿童姓名",
        "Name (required)",
    ],
)
def test_heads_as_people_write_them(head):
    column = match_head(pack("school-entry"), head)
    assert column is not None
    assert column.id == "name"


def test_a_head_of_another_list():
    assert match_head(pack("school-entry"), "班级") is None


def test_a_fault_says_no_more_than_it_must():
    found = read_entry(pack("school-entry"), row(name="林\ue863"), today=TODAY)
    assert found == (Fault("name", "bad-input", "a character that other computers cannot show"),)


def test_a_family_name_is_how_the_name_begins():
    whole = "VAN DER VEER ANOUK"
    assert read("pandemic", latin=whole, latin_family="van der Veer").text("latin_family")
    assert read("pandemic", latin=whole, latin_family="").text("latin_family") is None
    for other in ("VAN DER VEE", "ANOUK"):
        assert faults("pandemic", latin=whole, latin_family=other) == [
            ("latin_family", "bad-input")
        ]
