"""The rows of `tests/spec/test_packs.py`, pack by pack: who shows what, and what has to come of it."""

from __future__ import annotations

from typing import Final

from huxin.trust.credentials.facts import Event
from tests.lib.pack_people import (
    Row,
    cleared,
    course,
    covid,
    dose,
    exempt,
    fit,
    had,
    negative,
    positive,
    rehearsed,
)

__all__ = ["ROWS"]

_NOON: Final = "2026-11-23 12:00"
_END: Final = "2027-10-31 23:59"  # the last minute of the rules themselves


def _doses(born: str, measles: int, polio: int, dtp: int) -> tuple[Event, ...]:
    return (
        *course("measles", born, measles),
        *course("polio", born, polio),
        *course("dtp", born, dtp),
    )


def _school(
    who: str, born: str, shows: tuple[object, ...], answer: str, rule: str = "", turns: str = "",
    at: str = _NOON,
) -> Row:  # fmt: skip
    return Row(who, born, shows, "school", at, answer, rule, turns)  # type: ignore[arg-type]  # events


_BORN: Final = "2020-03-05"
_YOUNG: Final = "2022-11-23"
SCHOOL: Final = (
    _school("林㑇", _BORN, _doses(_BORN, 2, 4, 5), "met", turns=_END),
    _school("江䶮", _BORN, _doses(_BORN, 1, 4, 5), "not-met", "SCHOOL-MEASLES"),
    _school("苏𠅤", _BORN, _doses(_BORN, 2, 3, 5), "not-met", "SCHOOL-POLIO"),
    _school("柳听雨", _BORN, _doses(_BORN, 2, 4, 4), "not-met", "SCHOOL-DTP"),
    # One dose that stands on two cards is one dose.
    _school("何晚灯", _BORN, (*course("measles", _BORN, 1) * 2, *_doses(_BORN, 0, 4, 5)), "not-met", "SCHOOL-MEASLES"),
    # Three and four doses are enough for the young, until the fourth and the sixth birthday.
    _school("石小桥", "2023-01-10", _doses("2023-01-10", 2, 3, 4), "met", turns="2027-01-10 08:00"),
    _school("夏满舟", _YOUNG, _doses(_YOUNG, 2, 3, 4), "met", turns="2026-11-23 08:00", at="2026-11-23 07:59"),
    _school("夏满舟", _YOUNG, _doses(_YOUNG, 2, 3, 4), "not-met", "SCHOOL-POLIO", at="2026-11-23 08:00"),
    _school("欧阳一苇", "2020-11-24", _doses("2020-11-24", 2, 4, 4), "met", turns="2026-11-24 08:00"),
    # Of a birth year alone the youngest age counts; of no birth date none does.
    _school("米拉", "2022", _doses("2022-06-10", 2, 3, 4), "met", turns="2026-12-31 08:00"),
    _school("米拉", "", _doses("2022-06-10", 2, 3, 4), "not-met", "SCHOOL-POLIO"),
    # A card that says complete, or exempt, is enough, from its first day to the end of its last.
    _school("Tomas Reedman", "2020", cleared("school-entry", "2027-08-31"), "met", turns="2027-09-01 08:00"),
    _school("陶小满", "2020-07-02", exempt("school-entry", "2026-11-22"), "met", turns="2026-11-23 08:00", at="2026-11-23 07:59"),
    _school("陶小满", "2020-07-02", exempt("school-entry", "2026-11-22"), "not-met", "SCHOOL-MEASLES", at="2026-11-23 08:00"),
    _school("白帆", "2020-07-02", cleared("school-entry", "2027-08-31", "2026-11-24"), "not-met", "SCHOOL-MEASLES", "2026-11-24 08:00"),
    _school("白帆", "2020-07-02", cleared("occupational-health/food", "2027-08-31"), "not-met", "SCHOOL-MEASLES"),
    _school("无卡", "2020-07-02", (), "not-met", "SCHOOL-MEASLES"),
)  # fmt: skip

WORK: Final = (
    Row("顾小舟", "1992-04-12", fit("food", "2027-05-01"), "work/food", _NOON, "met", turns="2027-05-02 08:00"),
    Row("顾小舟", "1992-04-12", fit("food", "2026-11-22"), "work/food", "2026-11-23 07:59", "met", turns="2026-11-23 08:00"),
    Row("顾小舟", "1992-04-12", fit("food", "2026-11-22"), "work/food", "2026-11-23 08:00", "not-met", "WORK-FOOD"),
    # Another class of work is another question.
    Row("云中渡", "1998-10-01", fit("childcare", "2027-05-01"), "work/food", _NOON, "not-met", "WORK-FOOD"),
    Row("云中渡", "1998-10-01", fit("childcare", "2027-05-01"), "work/childcare", _NOON, "met", turns="2027-05-02 08:00"),
    Row("梁拾灯", "1975", fit("public-places", "2027-05-01"), "work/public-places", _NOON, "met", turns="2027-05-02 08:00"),
    Row("梁拾灯", "1975", fit("drinking-water", "2027-05-01"), "work/drinking-water", _NOON, "met", turns="2027-05-02 08:00"),
    Row("梁拾灯", "1975", fit("cosmetics", "2027-05-01"), "work/cosmetics", _NOON, "met", turns="2027-05-02 08:00"),
    # The minimal card, and an exemption, say the same.
    Row("纪小舟", "1992", cleared("occupational-health/food", "2027-05-01"), "work/food", _NOON, "met", turns="2027-05-02 08:00"),
    Row("纪小舟", "1992", exempt("occupational-health/food", "2027-05-01"), "work/food", _NOON, "met", turns="2027-05-02 08:00"),
    # Of an old card and a new one the new one counts.
    Row("林桥", "1991-05-02", (*fit("food", "2026-11-23"), *fit("food", "2027-11-20")), "work/food", _NOON, "met", turns=_END),
    Row("无卡", "1991-05-02", (), "work/food", _NOON, "not-met", "WORK-FOOD"),
)  # fmt: skip

_YF: Final = "entry/yellow-fever"
_PV: Final = "entry/polio"
ENTRY: Final = (
    Row("沈远帆", "1985-12-24", dose("yellow fever", "2026-11-13"), _YF, "2026-11-23 08:00", "met", turns=_END, format="hcert-6"),
    Row("沈远帆", "1985-12-24", dose("yellow fever", "2026-11-13"), _YF, "2026-11-23 07:59", "not-met", "ENTRY-YELLOW-FEVER", "2026-11-23 08:00", format="hcert-6"),
    # For life: a dose of long ago counts, and a second one takes nothing away.
    Row("闻笛", "1971-02-02", dose("yellow fever", "1994-06-01", "2026-11-20"), _YF, _NOON, "met", turns=_END, format="hcert-6"),
    Row("石渡", "1980-01-01", exempt("icvp/yellow-fever", "2026-12-31"), _YF, _NOON, "met", turns="2027-01-01 08:00"),
    Row("石渡", "1980-01-01", dose("polio", "2026-03-01"), _YF, _NOON, "not-met", "ENTRY-YELLOW-FEVER", format="hcert-6"),
    Row("无卡", "1980-01-01", (), _YF, _NOON, "not-met", "ENTRY-YELLOW-FEVER"),
    Row("Mira Lantern", "1989-02-02", dose("polio", "2026-10-26"), _PV, "2026-11-23 08:00", "met", turns="2027-10-26 08:00", format="hcert-6"),
    Row("Mira Lantern", "1989-02-02", dose("polio", "2026-10-26"), _PV, "2026-11-23 07:59", "not-met", "ENTRY-POLIO", "2026-11-23 08:00", format="hcert-6"),
    # The last dose is young enough, and an older one has had its four weeks.
    Row("Mira Lantern", "1989-02-02", dose("polio", "2019-05-01", "2026-11-20"), _PV, _NOON, "met", turns=_END, format="hcert-6"),
    Row("程野", "1990-01-01", dose("polio", "2025-11-23"), _PV, "2026-11-23 07:59", "met", turns="2026-11-23 08:00", format="hcert-6"),
    Row("程野", "1990-01-01", dose("polio", "2025-11-23"), _PV, "2026-11-23 08:00", "not-met", "ENTRY-POLIO", format="hcert-6"),
    Row("程野", "1990-01-01", exempt("icvp/polio", "2026-12-31"), _PV, _NOON, "met", turns="2027-01-01 08:00"),
    Row("无卡", "1990-01-01", (), _PV, _NOON, "not-met", "ENTRY-POLIO"),
)  # fmt: skip

_OUTBREAK: Final = "school/measles"
_OVER: Final = "2026-12-06 23:59"  # three weeks after it began
OUTBREAK: Final = (
    Row("苇小满", "2017-05-20", dose("measles", "2018-02-01", "2018-09-01"), _OUTBREAK, _NOON, "met", turns=_OVER),
    Row("江䶮", "2020-03-05", dose("measles", "2026-11-09"), _OUTBREAK, "2026-11-23 08:00", "met", turns=_OVER),
    Row("江䶮", "2020-03-05", dose("measles", "2026-11-09"), _OUTBREAK, "2026-11-23 07:59", "not-met", "SCHOOL-MEASLES-OUTBREAK", "2026-11-23 08:00"),
    # Who was given the first dose today may come back before the outbreak is over.
    Row("江䶮", "2020-03-05", dose("measles", "2026-11-20"), _OUTBREAK, _NOON, "not-met", "SCHOOL-MEASLES-OUTBREAK", "2026-12-04 08:00"),
    Row("萧𠅤", "2015-10-02", had("measles", "2022-04"), _OUTBREAK, _NOON, "met", turns=_OVER),
    Row("萧𠅤", "2015-10-02", had("measles", "2026-11-18"), _OUTBREAK, "2026-11-23 08:00", "met", turns=_OVER),
    Row("萧𠅤", "2015-10-02", had("measles", "2026-11-18"), _OUTBREAK, "2026-11-23 07:59", "not-met", "SCHOOL-MEASLES-OUTBREAK", "2026-11-23 08:00"),
    Row("陆知秋", "1984-01-30", cleared("measles-outbreak/immune", "2026-12-31"), _OUTBREAK, _NOON, "met", turns=_OVER),
    Row("陆知秋", "1984-01-30", exempt("measles-outbreak/exempt", "2026-11-30"), _OUTBREAK, _NOON, "met", turns="2026-12-01 08:00"),
    # Babies are too young for the vaccine: they are not asked until they are eight months old.
    Row("小芦", "2026-03-24", dose("polio", "2026-09-24"), _OUTBREAK, _NOON, "met", turns="2026-11-24 08:00"),
    Row("小芦", "2026-03-24", dose("polio", "2026-09-24"), _OUTBREAK, "2026-11-24 08:00", "not-met", "SCHOOL-MEASLES-OUTBREAK"),
    # Everybody is asked alike: who is not vaccinated, who teaches, who shows nothing.
    Row("何晚灯", "2019-08-01", dose("polio", "2019-10-01"), _OUTBREAK, _NOON, "not-met", "SCHOOL-MEASLES-OUTBREAK"),
    Row("无卡", "1984-01-30", (), _OUTBREAK, _NOON, "not-met", "SCHOOL-MEASLES-OUTBREAK"),
)  # fmt: skip

_VISIT: Final = "visit/hospital"
VISIT: Final = (
    Row("梁望潮", "1979-03-03", cleared("hospital-visit/carer", "2026-12-20"), _VISIT, _NOON, "met", turns="2026-12-21 08:00"),
    Row("沈听荷", "1997", cleared("hospital-visit/ward", "2026-11-25", "2026-11-24"), _VISIT, _NOON, "not-met", "VISIT-HOSPITAL", "2026-11-24 08:00"),
    # A card for later takes nothing from the one for today.
    Row("沈听荷", "1997", (*cleared("hospital-visit/ward", "2026-11-23", "2026-11-23"), *cleared("hospital-visit/ward", "2026-11-25", "2026-11-24")), _VISIT, _NOON, "met", turns="2026-11-26 08:00"),
    Row("Odile Ferry", "1964-08-19", exempt("hospital-visit/farewell", "2026-11-25"), _VISIT, _NOON, "met", turns="2026-11-26 08:00"),
    Row("陶听雨", "1990-01-01", negative("2026-11-21 12:00"), _VISIT, "2026-11-23 12:00", "met", turns="2026-11-23 12:00"),
    Row("陶听雨", "1990-01-01", negative("2026-11-21 12:00"), _VISIT, "2026-11-23 12:01", "not-met", "VISIT-HOSPITAL"),
    Row("陶听雨", "1990-01-01", positive("2026-11-23 08:00"), _VISIT, _NOON, "not-met", "VISIT-HOSPITAL"),
    Row("陶听雨", "1990-01-01", negative("2026-11-22 12:00"), _VISIT, _NOON, "met", turns="2026-11-24 12:00", format="hcert-1"),
    Row("石渡", "1980-01-01", exempt("hospital-visit/farewell", "2026-11-21"), _VISIT, _NOON, "not-met", "VISIT-HOSPITAL"),
    Row("石渡", "1980-01-01", cleared("measles-outbreak/immune", "2026-12-31"), _VISIT, _NOON, "not-met", "VISIT-HOSPITAL"),
    Row("无卡", "1980-01-01", (), _VISIT, _NOON, "not-met", "VISIT-HOSPITAL"),
)  # fmt: skip


def _drill(
    who: str, shows: tuple[object, ...], answer: str, rule: str = "", turns: str = "", *,
    at: str = _NOON, format: str = "hcert-1",
) -> Row:  # fmt: skip
    return Row(who, "1990-06-30", shows, "travel", at, answer, rule, turns, format)  # type: ignore[arg-type]  # events


DRILL: Final = (
    _drill("贺兰舟", covid(2, 2, "2026-11-09"), "met", turns="2027-08-06 08:00", at="2026-11-23 08:00"),
    _drill("贺兰舟", covid(2, 2, "2026-11-09"), "not-met", "TRAVEL-VACCINATION", "2026-11-23 08:00", at="2026-11-23 07:59"),
    _drill("贺兰舟", covid(1, 2, "2026-10-01"), "not-met", "TRAVEL-VACCINATION"),
    _drill("Anouk", covid(3, 3, "2026-02-26"), "met", turns="2026-11-23 08:00", at="2026-11-23 08:00"),
    _drill("Anouk", covid(3, 3, "2026-02-26"), "not-met", "TRAVEL-VACCINATION", at="2026-11-23 08:01"),
    _drill("柳望潮", negative("2026-11-20 12:00"), "met", turns="2026-11-23 12:00"),
    _drill("柳望潮", negative("2026-11-20 12:00"), "not-met", "TRAVEL-TEST", at="2026-11-23 12:01"),
    _drill("柳望潮", negative("2026-11-23 10:00", "LP217198-3"), "not-met", "TRAVEL-TEST"),
    _drill("柳望潮", positive("2026-11-23 10:00"), "not-met", "TRAVEL-TEST"),
    _drill("汀初晴", rehearsed("2026-11-12"), "met", turns="2027-05-11 08:00", at="2026-11-23 08:00"),
    _drill("汀初晴", rehearsed("2026-11-12"), "not-met", "TRAVEL-RECOVERY", "2026-11-23 08:00", at="2026-11-23 07:59"),
    _drill("汀初晴", rehearsed("2026-05-27"), "not-met", "TRAVEL-RECOVERY"),
    # One certificate that fulfils the rule of its kind is enough.
    _drill("桨拾贝", (*covid(1, 2, "2026-11-22"), *negative("2026-11-23 09:00")), "met", turns="2026-11-26 09:00"),
    # A card of another form is genuine and yet no certificate that these rules read.
    _drill("桨拾贝", cleared("pandemic", "2027-06-01"), "not-met", format="hcert-100"),
    _drill("无卡", (), "not-met"),
)  # fmt: skip

ROWS: Final = {
    "school-entry": SCHOOL,
    "occupational-health": WORK,
    "icvp": ENTRY,
    "measles-outbreak": OUTBREAK,
    "hospital-visitor": VISIT,
    "pandemic": DRILL,
}
