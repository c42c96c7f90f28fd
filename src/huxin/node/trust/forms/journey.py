"""The form of "Will I get in?": a purpose, a day, and cards: from the wallet, handed in, or a practice person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from huxin.kernel.errors import Refusal
from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.words import said
from huxin.node.trust.forms.check import CheckForm
from huxin.node.trust.queries.journey import Practice
from huxin.packs.reader import Words

__all__ = ["JourneyForm"]

_LONGEST: Final = timedelta(days=366)


class JourneyForm(CheckForm):
    """What is asked.  `cleaned_data` has `purpose`, `day`, `card` (numbers), `person`, and `codes`."""

    purpose = forms.ChoiceField(
        label=later("去做什么", "What for"),
        widget=forms.RadioSelect,
        error_messages={
            "required": later("请选一个用途", "Choose a purpose"),
            "invalid_choice": later("请选一个用途", "Choose a purpose"),
        },
    )
    day = forms.DateField(
        label=later("哪一天去", "On which day"),
        widget=DateBoxes(),
        error_messages={
            "required": later("请写年、月、日", "Write year, month and day"),
            "invalid": later("请写年、月、日，例如 2026 12 04", "Write year, month and day, such as 2026 12 04"),
        },
    )  # fmt: skip
    card = forms.MultipleChoiceField(
        label=later("用哪些卡", "Which cards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": later("请选列表里的卡", "Choose from the cards of the list")
        },
    )
    person = forms.ChoiceField(
        label=later("试一试：练习人物", "Try it: a practice person"),
        help_text=later("人是编的，卡是样张", "The people are invented, their cards are specimens"),
        required=False,
        widget=forms.Select,
        error_messages={
            "invalid_choice": later("请选列表里的人物", "Choose from the people of the list")
        },
    )
    region = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *given: Any,
        today: date,
        purposes: Mapping[str, Words],
        own: Sequence[tuple[str, Words]],
        practice: Sequence[Practice],
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        self.fields["text"].label = later("粘贴码的文字", "Paste the code's text")
        self.fields["text"].widget.attrs.pop("autofocus", None)
        self.today = today
        choices: dict[str, Any] = {
            "purpose": [(name, said(words)) for name, words in purposes.items()],
            "card": [(number, said(words)) for number, words in own],
            "person": [("", said(Words("不用", "None"))), *_groups(practice)],
        }
        for name, found in choices.items():
            field: Any = self.fields[name]
            field.choices = found

    def clean_region(self) -> str:
        """A node asks the rules of its own region, and of no other."""
        region: str = self.cleaned_data["region"] or settings.HUXIN.region
        if region != settings.HUXIN.region:
            words: Any = Words("这个区域的规则，这里还问不了", "The rules of that region cannot be asked here yet")  # fmt: skip
            raise ValidationError(words, code="bad-input")
        return region

    def clean_day(self) -> date:
        """A visit is today or within a year."""
        day: date = self.cleaned_data["day"]
        if not self.today <= day <= self.today + _LONGEST:
            words: Any = Words("从今天起一年之内", "From today, within a year")
            raise ValidationError(words, code="bad-input")
        return day

    def nothing_shown(self) -> Refusal | None:
        """Say yes to nothing handed in where something was chosen."""
        chosen = self.cleaned_data.get("card") or self.cleaned_data.get("person")
        return None if chosen else Refusal("no-card")


def _groups(practice: Sequence[Practice]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in practice:
        born = said(Words(f"{one.born} 年生", f"born {one.born}"))
        groups.setdefault(said(one.pack), []).append((one.id, f"{one.name} · {born}"))
    return list(groups.items())
