"""The form in which a desk records that somebody may act for another; nothing in it is chosen already."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.proxies import LONGEST
from huxin.node.base.words import says

__all__ = ["HolderForm", "ProxyForm"]

_KINDS: Final = (
    ("guardian", later("监护人（孩子，或由监护人照顾的人）", "Guardian, of a child or of whoever has one")),
    ("helper", later("代办人（本人请来帮忙的）", "Helper, whom the person asked")),
)  # fmt: skip


class HolderForm(forms.Form):
    """Finding who will act: among the people of this organisation, present at the desk."""

    use_required_attribute = False

    words = forms.CharField(
        max_length=80,
        label=later(
            "监护人或代办人的姓名或证件号", "Name or document number of the guardian or helper"
        ),
        help_text=later(
            "照证件上完整地写；要先在本机构登记过",
            "In full, as on the document; they have to be registered here",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    present = forms.BooleanField(
        label=later("这个人在场", "This person is present"),
        help_text=later(
            "查找会写进这个人能看到的记录里", "The search is written where this person can see it"
        ),
    )


class ProxyForm(forms.Form):
    """Kind, consent, last day; `today` is the day in the region."""

    use_required_attribute = False

    holder = forms.UUIDField(widget=forms.HiddenInput)
    request = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=later("是什么人", "What they are"), widget=forms.RadioSelect, choices=_KINDS
    )
    how = forms.CharField(
        max_length=300,
        label=later("怎样同意的", "How it was agreed"),
        help_text=later(
            "例如：本人当面签字；或：看过出生证明和母亲的证件。本人会看到这句话",
            "Such as: signed here in person; or: birth record and the mother's document seen. "
            "The person will read this",
        ),
        widget=forms.Textarea,
    )
    last_day = forms.DateField(
        label=later("到哪一天为止", "Until which day"),
        help_text=later(
            "代办人最多一年，监护人最多五年，孩子的监护人到满 18 岁为止；本人随时可以提前结束",
            "A helper for a year at most, a guardian for five, of a child until they are 18; the person can end "
            "it at any time",
        ),
        widget=DateBoxes(),
        error_messages={
            "invalid": later(
                "没有这一天。年四位、月、日都要填", "No such day. Fill in year, month and day"
            )
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_day(self) -> date:
        found: date = self.cleaned_data["last_day"]
        if found < self.today:
            raise ValidationError(says("这一天已经过了", "That day is past"))
        longest = LONGEST.get(self.cleaned_data.get("kind", ""))
        if longest is not None and found > self.today + longest:
            last = (self.today + longest).isoformat()
            raise ValidationError(
                says("太远了，最晚填 {day}", "Too far; the latest is {day}", day=last)
            )
        return found
