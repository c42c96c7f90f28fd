import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.sheets import NewSheet, open_sheet
from huxin.node.trust.models import SessionSheet, SheetRow

NEW = "/sheets/new"


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


def facts(**other):
    typed = {
        "request": str(uuid.uuid4()), "pack": "school-entry", "vaccine": "mmr", "dose": "1",
        "date_year": "2025", "date_month": "03", "date_day": "20", "batch": "0042", "do": "open",
    }  # fmt: skip
    return typed | other


def rows():
    return [
        (row.cells["name"], row.cells["birth"]) for row in SheetRow.objects.order_by("position")
    ]


def upload(data, name="list.csv"):
    return SimpleUploadedFile(name, data)


def read_on(desk, page):
    """Send what the preview would send again."""
    form = page.context["form"]
    sent = {**dict(form.again()), "pack": form.pack.id, "do": "open"}
    return desk.post(NEW, sent)


def test_names_are_pasted_with_commas_of_any_kind_and_open_a_sheet(desk):
    names = "林㑇, 2020-03-18, LIN ZHOU\n\n顾小舟，2019年5月2日\n阿依古丽·买买提\t2018"
    page = desk.post(NEW, facts(names=names, do="preview"))
    assert "收下的：3 人" in page.content.decode()
    assert SessionSheet.objects.count() == 0
    made = read_on(desk, page)
    sheet = SessionSheet.objects.get()
    assert made["Location"] == reverse("sheet", args=[sheet.id])
    assert rows() == [
        ("林㑇", "2020-03-18"), ("顾小舟", "2019-05-02"), ("阿依古丽·买买提", "2018"),
    ]  # fmt: skip
    assert sheet.title == "麻腮风疫苗 · 2025-03-20"
    assert sheet.shared["batch"] == "0042"
    assert "林㑇" in desk.get(made["Location"]).content.decode()


def test_each_fault_is_told_by_line_and_column_and_the_rest_is_taken(desk):
    names = (
        "林㑇, 2020-03-18\n顾小舟, 昨天\n一, 2019-01-01, YI, 多了\n林㑇, 2020-3-18\n, 2019-01-01"
    )
    page = desk.post(NEW, facts(names=names, do="preview"))
    told = [(one.line, one.head.en) for one in page.context["form"].read.faults]
    assert told == [
        (2, "Birth date"), (3, "The whole line"), (4, "The whole line"), (5, "Name"),
    ]  # fmt: skip
    shown = page.content.decode()
    assert "第 2 行" in shown
    assert "和第 1 行是同一位" in shown
    read_on(desk, page)
    assert rows() == [("林㑇", "2020-03-18")]


def test_a_list_without_a_good_line_opens_nothing_and_keeps_what_was_typed(desk):
    page = desk.post(NEW, facts(names="林㑇, 昨天"))
    shown = page.content.decode()
    assert "没有一行能用" in shown
    assert "第 1 行" in shown
    assert "林㑇, 昨天" in shown
    assert SessionSheet.objects.count() == 0


def test_what_all_share_is_needed_with_pasted_names(desk):
    page = desk.post(NEW, facts(names="林㑇, 2020-03-18", vaccine=""))
    assert page.context["form"].errors.keys() == {"vaccine"}
    assert SessionSheet.objects.count() == 0


def test_nothing_at_all_is_told_at_the_file(desk):
    page = desk.post(NEW, facts())
    assert "请粘贴名单，或选一个文件" in page.content.decode()


def test_a_csv_in_gb18030_takes_from_the_sheet_what_it_leaves_empty(desk):
    data = "姓名,出生日期,批号\n林㑇,2020-03-18,\n顾小舟,2019-05-02,0007\n".encode("gb18030")
    page = desk.post(NEW, facts(file=upload(data), do="preview"))
    read_on(desk, page)
    first, second = SheetRow.objects.order_by("position")
    assert first.cells == {"name": "林㑇", "birth": "2020-03-18"}
    assert second.cells["batch"] == "0007"


def test_a_spreadsheet_keeps_leading_zeros_and_a_changed_vaccine_counts(desk):
    openpyxl = pytest.importorskip("openpyxl")
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["姓名", "出生日期", "批号"])
    book.active.append(["林㑇", "2020-03-18", "0042"])
    book.save(out)
    file = upload(out.getvalue(), "list.xlsx")
    page = desk.post(NEW, facts(file=file, batch="", do="preview"))
    form = page.context["form"]
    sent = {**dict(form.again()), "pack": form.pack.id}
    back = desk.post(NEW, sent | {"do": "back", "vaccine": "polio"})
    assert back.status_code == 200
    desk.post(NEW, sent | {"do": "open", "vaccine": "polio"})
    assert SheetRow.objects.get().cells["batch"] == "0042"
    assert SessionSheet.objects.get().shared["vaccine"] == "polio"


def test_json_lines_are_read_too(desk):
    data = '{"name": "林㑇", "birth": "2020-03-18"}\n{"name": "顾小舟"}\n'.encode()
    page = desk.post(NEW, facts(file=upload(data, "list.jsonl"), do="preview"))
    assert [one.line for one in page.context["form"].read.faults] == [2]
    read_on(desk, page)
    assert rows() == [("林㑇", "2020-03-18")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x00\x01\x02", "table"),
        ("姓名,出生日期,星座\n林㑇,2020-03-18,双鱼\n".encode(), "星座"),
        (("姓名,出生日期\n" + "".join(f"林{n},2020\n" for n in range(501))).encode(), "too-big"),
    ],
)
def test_a_file_that_is_no_list_is_told_at_the_file(desk, data, told):
    page = desk.post(NEW, facts(file=upload(data)))
    assert page.status_code == 200
    (error,) = page.context["form"].errors.as_data()["file"]
    assert error.code in ("table", "column", "too-big")
    assert SessionSheet.objects.count() == 0


def test_a_double_click_opens_one_sheet(desk):
    typed = facts(names="林㑇, 2020-03-18")
    first, again = desk.post(NEW, typed), desk.post(NEW, typed)
    assert first["Location"] == again["Location"]
    assert SheetRow.objects.count() == 1


def test_going_back_and_changing_the_form_opens_another_sheet(desk):
    typed = facts(names="林㑇, 2020-03-18")
    desk.post(NEW, typed)
    more = typed | {"names": "林㑇, 2020-03-18\n顾小舟, 2019-05-02", "batch": "0099"}
    page = desk.post(NEW, more, follow=True)
    made = SessionSheet.objects.get(id=page.context["sheet"].id)
    assert (made.shared["batch"], made.rows.count()) == ("0099", 2)
    assert "共 2 人" in page.content.decode()
    assert SessionSheet.objects.count() == 2


def test_the_key_of_another_organisation_is_not_taken(world, desk):
    typed = facts(names="林㑇, 2020-03-18")
    theirs = world.client(world.staff(Role.CLERK, at=world.elsewhere)).post(NEW, typed)
    answer = desk.post(NEW, typed)
    assert answer["Location"] != theirs["Location"]
    assert desk.get(theirs["Location"]).status_code == 404


def test_the_same_name_and_birth_is_that_person_and_a_namesake_is_marked(world, desk):
    child = world.person("林㑇")
    world.person("顾小舟", birth="1988-01-01")
    world.person("贺兰", at=world.elsewhere)
    desk.post(NEW, facts(names="林㑇, 2020-03-18\n顾小舟, 2019-05-02\n贺兰, 2020-03-18"))
    found = SheetRow.objects.order_by("position").values_list("person", "fault")
    assert list(found) == [(child.id, ""), (None, "similar"), (None, "")]
    noted = AuditEntry.objects.filter(action="put-on-sheet").values_list("subject", flat=True)
    assert list(noted) == [child.id]


@pytest.mark.parametrize(
    ("known", "row", "sure"),
    [
        ({"document": "E111"}, {"document": "E999"}, False),
        ({"document": "E111"}, {"document": "ｅ 111"}, True),
        ({"document": "E111"}, {}, True),
        ({}, {"document": "E999"}, True),
        ({"birth": "1990"}, {"birth": "1990"}, False),
        ({"birth": "1990-03"}, {"birth": "1990-03"}, False),
    ],
)
def test_another_document_or_half_a_birth_date_leaves_it_to_a_clerk(world, clerk, known, row, sure):
    person = world.person("林舟", **{"birth": "1990-03-18", **known})
    cells = {"name": "林舟", "birth": "1990-03-18", **row}
    new = NewSheet(uuid.uuid4(), "一", "icvp", {}, [cells])
    made = open_sheet(new, by=world.actor(clerk), now=world.now).rows.get()
    assert (made.person, made.fault) == ((person, "") if sure else (None, "similar"))


def test_the_desk_leads_to_the_sheets_and_the_page_speaks_english(world, desk, clerk):
    assert 'href="/sheets"' in desk.get("/desk").content.decode()
    assert "还没有名单" in desk.get("/sheets").content.decode()
    world.sheet(by=clerk)
    desk.cookies["huxin_lang"] = "en"
    shown = desk.get("/sheets").content.decode()
    assert "Session sheets" in shown
    assert "春季补种" in shown
    assert "What all share" in desk.get(f"{NEW}?pack=icvp").content.decode()
