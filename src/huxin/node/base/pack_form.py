"""A pack's columns as fields of a form: label, hint, value, and what is wrong with each.

Responsible for showing columns and for asking `packs.entries` to read them, so that a form, a list
and a sheet understand the same things.  Leaves signing and storing to actions.

- any text is taken by the field and judged by the one reader of entries;
- columns that are known already (who the person is) are not asked again: `known`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.node.base.fields import DateBoxes, later
from huxin.packs.entries import Entry, Fault, read_entry
from huxin.packs.reader import Choice, Column, Pack, Words
from huxin.spec import CODES

__all__ = ["PackForm", "rows_of"]

_SHORT: Final = ("number", "code")


class PackForm(forms.Form):
    """The form of a pack; `entry` and `cells` are there once it is valid."""

    use_required_attribute = False

    def __init__(
        self, pack: Pack, *args: Any, known: Mapping[str, str], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack
        self.known = known
        self.today = today
        self.entry: Entry | None = None
        self.cells: dict[str, str] = {}
        for column in pack.columns:
            if column.id not in known:
                self.fields[column.id] = _field(column)

    def clean(self) -> dict[str, Any]:
        asked = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        self.cells = {**self.known, **asked}
        found = read_entry(self.pack, self.cells, today=self.today)
        if isinstance(found, Entry):
            self.entry = found
        else:
            for fault in found:
                self._blame(fault)
        return self.cleaned_data

    def _blame(self, fault: Fault) -> None:
        column = self.pack.column(fault.field)
        words = _words(column, fault)
        # What is wrong with a known column cannot be mended here; it is said above the form.
        field = fault.field if fault.field in self.fields else None
        if field is None:
            words = Words(f"{column.head.zh}：{words.zh}", f"{column.head.en}: {words.en}")
        self.add_error(field, ValidationError(words, code=fault.code))  # type: ignore[arg-type]  # `fields.messages` picks the language


class _Cell(forms.CharField):
    """Takes any text: what is missing or wrong is said by the reader of entries."""

    def validate(self, _value: Any) -> None:
        pass


def _field(column: Column) -> _Cell:
    return _Cell(
        label=later(column.head.zh, column.head.en),
        help_text=later(column.hint.zh, column.hint.en),
        required=column.required,
        strip=False,
        max_length=1_000,
        widget=_widget(column),
    )


def _widget(column: Column) -> forms.Widget:
    if column.type in ("birth", "date"):
        return DateBoxes(partial=column.type == "birth")
    if column.type == "choice":
        choices = [(one.id, later(one.words.zh, one.words.en)) for one in column.choices]
        return forms.Select(choices=[("", later("请选", "Choose")), *choices])
    attrs = {"autocomplete": "off"}
    if column.type == "number":
        attrs["inputmode"] = "numeric"
    if column.type in _SHORT:
        attrs["class"] = "input--short"
    return forms.TextInput(attrs=attrs)


def _words(column: Column, fault: Fault) -> Words:
    if fault.code == "missing":
        return Words("这一项要填", "This is needed")
    said = CODES.get(fault.code, CODES["bad-input"]).text
    hint = column.hint
    return Words(f"{said['zh']}{hint.zh}", f"{said['en']} It is {hint.en}.")


def rows_of(entry: Entry) -> list[tuple[Words, Any]]:
    """Return the heads and values of an entry, as they are read."""
    rows = []
    for column in entry.pack.columns:
        value = entry.values.get(column.id)
        shown = value.words if isinstance(value, Choice) else value
        rows.append((column.head, None if shown is None else shown))
    return [(head, str(value) if not isinstance(value, Words) else value)
            for head, value in rows if value is not None]  # fmt: skip
