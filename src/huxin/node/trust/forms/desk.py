"""The forms of the desk: finding, registering, and the form that a pack describes.

A pack's columns become fields; `packs.entries` reads what was typed, so a form, a list and a sheet
understand the same things.  Django's own checks of such fields are left out: one reader, one set
of sentences.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.permissions import PURPOSES
from huxin.node.base.words import said
from huxin.node.trust.forms.desk_words import fault_words
from huxin.packs.entries import Entry, Fault, read_cell, read_entry
from huxin.packs.reader import Choice, Column, Pack, Words

__all__ = [
    "HAND_OVER",
    "WHO",
    "CellsForm",
    "DeclineForm",
    "FindForm",
    "PackForm",
    "PersonForm",
    "new_request",
    "person_fields",
]

WHO: Final = ("name", "latin", "birth", "sex", "nationality", "document", "guardian")
_SHORT: Final = ("number", "code")
_BATCH: Final = "batch"
_A_ROW: Final = 3

HAND_OVER: Final = (
    ("paper", Words("纸质卡", "Paper card")),
    ("phone", Words("手机", "Phone")),
    ("slip", Words("领取单", "Claim slip")),
)
_SEXES: Final = (
    Choice("female", Words("女", "Female")),
    Choice("male", Words("男", "Male")),
    Choice("other", Words("其他", "Other")),
)


def _column(name: str, type_: str, head: Words, hint: Words, **more: Any) -> Column:
    return Column(name, type_, required=False, head=head, hint=hint, **more)


_PERSON: Final = (
    _column(
        "name", "name", Words("姓名", "Name"),
        Words("照本人的写法，生僻字原样保留", "As the person writes it; rare characters stay"),
    ),
    _column(
        "latin", "latin", Words("拼音或外文名", "Name in Latin letters"),
        Words("只用英文字母，如 LIN ZHOU；两个姓名至少填一个", "Latin letters, such as LIN ZHOU; one of the two names is needed"),
    ),
    _column(
        "birth", "birth", Words("出生日期", "Date of birth"),
        Words("不知道月、日就只写年", "Only the year where month and day are not known"),
    ),
    _column("sex", "choice", Words("性别", "Sex"), Words("", ""), choices=_SEXES),
    _column(
        "document", "text", Words("证件", "Document"),
        Words("任何一种证件和号码，没有就空着", "Any document and its number; left empty where there is none"),
    ),
    _column(
        "contact", "text", Words("联系方式", "Contact"),
        Words("本人愿意留才写", "Only if the person wishes to leave one"),
    ),
)  # fmt: skip


class _Cell(forms.CharField):
    """A column as a field: any text is taken here, and judged by the reader of entries."""

    def validate(self, value: Any) -> None:
        pass

    def run_validators(self, value: Any) -> None:
        pass


def _cell(column: Column) -> _Cell:
    found = _Cell(
        label=said(column.head), help_text=said(column.hint), strip=False, widget=_widget(column)
    )
    found.required = column.required
    return found


def _widget(column: Column) -> forms.Widget:
    if column.type in ("birth", "date"):
        return DateBoxes(partial=column.type == "birth")
    if column.type == "choice":
        empty = ("", said(Words("请选", "Choose")))
        return forms.Select(choices=[empty, *((one.id, said(one.words)) for one in column.choices)])
    attrs = {"autocomplete": "off"}
    if column.type == "number":
        attrs["inputmode"] = "numeric"
    if column.type in _SHORT:
        attrs["class"] = "input--short"
    return forms.TextInput(attrs=attrs)


class CellsForm(forms.Form):
    """Columns as fields; `cells` is what was typed, column by column."""

    use_required_attribute = False

    def __init__(self, columns: tuple[Column, ...], *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.today = today
        for column in columns:
            self.fields[column.id] = _cell(column)

    def cells(self) -> dict[str, str]:
        """Return the text of each column that was sent, or shown at first."""
        if not self.is_bound:
            return {one.id: str(self.initial.get(one.id, "")) for one in self.columns}
        return {one.id: str(self[one.id].data or "") for one in self.columns}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield what has to be sent again for the same form: names and values."""
        for name in self.fields:
            bound = self[name]
            widget = bound.field.widget
            if isinstance(widget, DateBoxes):
                for part, text in widget.parts(bound.data).items():
                    yield f"{name}_{part}", text
            elif bound.data not in (None, "", False):
                yield name, "on" if bound.data is True else str(bound.data)

    def column(self, name: str) -> Column:
        """Return the column that a field was made of."""
        return next(one for one in self.columns if one.id == name)

    def blame(self, fault: Fault) -> None:
        """Say what is wrong at its field."""
        words = fault_words(self.column(fault.field), fault, today=self.today)
        self.add_error(fault.field, ValidationError(words, code=fault.code))  # type: ignore[arg-type]  # `fields.messages` picks the language


class PackForm(CellsForm):
    """The form of a pack.  `entry` is what was read, once it is valid."""

    request = forms.UUIDField(widget=forms.HiddenInput)
    minimal = forms.BooleanField(
        required=False,
        label=later("精简卡", "Minimal card"),
        help_text=later(
            "码里只有姓名、出生年、用途和到期日",
            "The code holds name, birth year, purpose and last day only",
        ),
    )
    hand = forms.ChoiceField(
        label=later("怎样交给本人", "How it is handed over"),
        widget=forms.RadioSelect,
        choices=[(name, later(words.zh, words.en)) for name, words in HAND_OVER],
    )

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(pack.columns, *args, **kwargs)
        self.pack = pack
        self.entry: Entry | None = None

    def who(self) -> list[BoundField]:
        """Return the fields of the person."""
        return [self[one.id] for one in self.columns if one.id in WHO]

    def main(self) -> list[list[BoundField]]:
        """Return what has to be said, and the batch that every desk writes down; lines in rows."""
        wanted = [one for one in self._what() if one.required or one.id == _BATCH]
        lines = [self[one.id] for one in wanted if one.type != "date"]
        rows = [lines[at : at + _A_ROW] for at in range(0, len(lines), _A_ROW)]
        rows += [[self[one.id]] for one in wanted if one.type == "date"]
        return rows

    def more(self) -> list[BoundField]:
        """Return what may be left out."""
        shown = [one.name for row in self.main() for one in row]
        return [self[one.id] for one in self._what() if one.id not in shown]

    def more_is_used(self) -> bool:
        """Tell whether something stands there already, or is wrong."""
        return any(bound.errors or bound.value() for bound in self.more())

    def _what(self) -> list[Column]:
        return [one for one in self.columns if one.id not in WHO]

    def has_faults_in_who(self) -> bool:
        """Tell whether the person's fields have to be looked at."""
        return any(bound.errors for bound in self.who())

    def is_minimal(self) -> bool:
        """Tell whether a minimal card is wanted."""
        return bool(self.cleaned_data.get("minimal")) if self.is_bound else False

    def sent(self) -> dict[str, str]:
        """Return what a browser would send of a form that is shown for the first time."""
        sent = {"request": str(self.initial.get("request", "")), "hand": HAND_OVER[0][0]}
        if self.initial.get("minimal"):
            sent["minimal"] = "on"
        for column in self.columns:
            text = str(self.initial.get(column.id, ""))
            widget = self.fields[column.id].widget
            if isinstance(widget, DateBoxes):
                sent |= {f"{column.id}_{part}": one for part, one in widget.parts(text).items()}
            else:
                sent[column.id] = text
        return sent

    def clean(self) -> dict[str, Any]:
        found = read_entry(self.pack, self.cells(), today=self.today)
        if not isinstance(found, Entry):
            for fault in found:
                self.blame(fault)
        elif self.is_minimal() and found.date(self.pack.minimal.until) is None:
            self.blame(Fault(self.pack.minimal.until, "missing"))
        else:
            self.entry = found
        return self.cleaned_data


class PersonForm(CellsForm):
    """Who somebody is: native script or Latin, any document or none, a birth date as far as known."""

    request = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(_PERSON, *args, **kwargs)

    def clean(self) -> dict[str, Any]:
        known: dict[str, Any] = dict(self.cleaned_data)
        for column in self.columns:
            value = read_cell(column, self.cells()[column.id], today=self.today)
            if isinstance(value, Fault):
                self.blame(value)
            known[column.id] = _plain(value)
        if not self.errors and not known["name"] and not known["latin"]:
            self.blame(Fault("name", "missing"))
        return known

    def known(self) -> dict[str, str]:
        """Return the person's fields as they are kept."""
        return {one.id: self.cleaned_data[one.id] for one in self.columns}


def _plain(value: Any) -> str:
    if isinstance(value, Choice):
        return value.id
    return "" if value is None else str(value)


class FindForm(forms.Form):
    """Finding somebody: exact words, a purpose of the closed list, and that they are present."""

    use_required_attribute = False

    words = forms.CharField(
        max_length=80,
        label=later("姓名或证件号", "Name or document number"),
        help_text=later(
            "照卡或证件上完整地写；只找得到本机构登记过的人",
            "In full, as on the card or document; only people registered here are found",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth = forms.CharField(
        required=False,
        label=later("出生年或出生日期", "Year or date of birth"),
        widget=DateBoxes(partial=True),
    )
    purpose = forms.ChoiceField(
        label=later("为了什么", "What for"),
        choices=[(name, later(words.zh, words.en)) for name, words in PURPOSES.items()],
        initial="issue",
    )
    present = forms.BooleanField(
        label=later("本人或代办人在场", "The person or their helper is present"),
        help_text=later(
            "每次查找都记在本人能看到的记录里", "Each search is written where the person can see it"
        ),
    )

    def clean_birth(self) -> str:
        typed: str = self.cleaned_data["birth"]
        column = _PERSON[2]
        value = read_cell(column, typed, today=date.max)
        if isinstance(value, Fault):
            raise ValidationError(fault_words(column, value, today=date.max))  # type: ignore[arg-type]  # `fields.messages` picks the language
        return _plain(value)


class DeclineForm(forms.Form):
    """Why a card is not approved."""

    use_required_attribute = False

    note = forms.CharField(
        max_length=300,
        label=later("为什么不同意", "Why it is declined"),
        help_text=later("请求的同事会看到这句话", "The colleague who asked will read this"),
        widget=forms.Textarea,
    )


def new_request() -> str:
    """Return the identifier of a new form."""
    return str(uuid.uuid4())


def person_fields(person: Mapping[str, str]) -> dict[str, str]:
    """Return what of a person goes into a pack's fields at first."""
    last = person.get("document", "").split(" ")[-1]
    document = last if last.isascii() else ""
    return {
        **{name: person.get(name, "") for name in ("name", "latin", "birth", "sex")},
        "document": document,
    }
