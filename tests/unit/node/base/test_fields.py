"""Fields: what is wrong is named, tied to its control, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.utils import translation

from huxin.node.base import fields
from huxin.node.base.fields import DateBoxes, later
from huxin.packs.reader import Words


class Sample(forms.Form):
    name = forms.CharField(
        label=later("姓名", "Name"), help_text=later("按证件写", "As on the document")
    )
    born = forms.DateField(label=later("出生日期", "Date of birth"), widget=DateBoxes())
    known = forms.CharField(
        label=later("大约", "About"), required=False, widget=DateBoxes(partial=True)
    )
    way = forms.ChoiceField(
        label=later("方式", "Way"), widget=forms.RadioSelect, choices=[("a", later("纸", "Paper")), ("b", "B")]
    )  # fmt: skip
    agrees = forms.BooleanField(label=later("同意", "Agrees"))
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"placeholder": "…"}))
    secret = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_name(self):
        if self.cleaned_data["name"] == "pair":
            raise ValidationError(Words("改成{what}", "Make it {what}"), params={"what": "X"})  # type: ignore[arg-type]
        return self.cleaned_data["name"]


def typed(**other):
    return {
        "name": "林㑇",
        "born_year": "2020",
        "born_month": "3",
        "born_day": "18",
        "way": "a",
        "agrees": "on",
    } | other


def drawn(form, lang="zh-hans", extra=""):
    source = "{% error_summary form %}{% for each in form %}{% field each %}{% endfor %}" + extra
    with translation.override(lang):
        return Template(source).render(Context({"form": form}))


def test_a_date_in_three_boxes_is_one_date():
    form = Sample(typed())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"].isoformat() == "2020-03-18"


@pytest.mark.parametrize(
    ("boxes", "text"),
    [
        (("2020", "3", ""), "2020-03"),
        (("2020", "", ""), "2020"),
        (("", "", ""), ""),
        (("2020", "", "1"), "2020--01"),
    ],
)
def test_a_partly_known_date_is_a_text_and_what_cannot_be_one_is_handed_on(boxes, text):
    data = dict(zip(("x_year", "x_month", "x_day"), boxes, strict=True))
    assert DateBoxes(partial=True).value_from_datadict(data, None, "x") == text


def test_boxes_that_are_not_in_the_form_were_left_out():
    widget = DateBoxes()
    assert widget.value_omitted_from_data({}, None, "x")
    assert not widget.value_omitted_from_data({"x_day": "1"}, None, "x")
    assert widget.id_for_label("id_x") == "id_x_year"
    assert widget.id_for_label("") == ""
    assert widget.render("x", "2020-03").count("<input") == 3


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("2020-13-01", ("month",)),
        ("20-03-01", ("year",)),
        ("2020-02-31", ("day",)),
        ("2020-ab-99", ("month", "day")),
        ("2020", ("month", "day")),
        ("", ("year", "month", "day")),
        ("2020-03-1²", ("day",)),
    ],
)
def test_only_the_wrong_box_is_marked(value, wrong):
    assert DateBoxes().wrong_parts(value) == wrong


def test_a_partly_known_date_marks_only_what_was_typed():
    assert DateBoxes(partial=True).wrong_parts("2020") == ("year",)
    assert DateBoxes(partial=True).wrong_parts("2020-13") == ("month",)


def test_an_error_is_tied_to_its_control_and_listed_with_a_link():
    page = drawn(Sample(typed(name="", born_day="31", born_month="2", way="z", agrees="")))
    assert 'aria-describedby="id_name_error id_name_hint"' in page
    assert 'id="id_name_error"' in page
    for place in ("#id_name", "#id_born_day", "#id_way_0", "#id_agrees"):
        assert f'href="{place}"' in page
        assert f'id="{place[1:]}"' in page
    assert page.count("这一项要填") == 4
    assert "请从列出的里面选" in page


def test_what_was_typed_comes_back():
    page = drawn(Sample(typed(born_month="13")))
    assert 'value="13"' in page
    assert 'value="林㑇"' in page


def test_the_page_picks_the_language():
    assert ">Name<" in drawn(Sample(), "en")
    assert "Paper" in drawn(Sample(), "en")
    assert "(optional)" in drawn(Sample(), "en")
    assert "姓名" in drawn(Sample())


def test_an_error_may_be_a_pair_of_words_with_blanks():
    assert "Make it X" in drawn(Sample(typed(name="pair")), "en")
    assert "改成X" in drawn(Sample(typed(name="pair")))


def test_a_form_that_chose_its_own_words_keeps_them():
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": later("写上名字", "Write a name")})

    assert "写上名字" in drawn(Own({}))


def test_words_of_the_libraries_are_said_in_ours():
    errors = [
        ValidationError("Incorrect code.", code="incorrect_code"),
        ValidationError("Else %(n)s", params={"n": 1}),
    ]
    with translation.override("zh-hans"):
        found = fields.messages(errors)
    assert found[0].startswith("验证码不对")
    assert found[1] == "Else 1"


def test_no_placeholder_and_no_summary_where_nothing_is_wrong():
    page = drawn(Sample())
    assert 'placeholder="…"' not in page
    assert "errors-title" not in page


def test_faults_of_the_whole_form_are_listed_without_a_link():
    class Whole(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

        def clean(self):
            raise ValidationError("Both cannot be")

    page = drawn(Whole({"password": "x"}))
    assert "Both cannot be" in page
    assert "填过的都还在" not in page


def test_hostile_text_stays_text():
    page = drawn(Sample(typed(name='"><script>', born_year="<b>")))
    assert "<script>" not in page
    assert "<b>" not in page.replace("<br>", "")
