"""What is wrong with a record: the fault for which it is voided, and a note for the person."""

from __future__ import annotations

from django import forms

from huxin.clinic.corrections import VOIDS
from huxin.node.base.fields import later
from huxin.node.clinic.actions.corrections import LONGEST_NOTE
from huxin.node.clinic.words import FAULT_WORDS

__all__ = ["CorrectForm", "VoidForm"]


def _note() -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label=later("给本人的话", "A note for the person"),
        help_text=later(
            "本人会读到：哪里错了、下一步做什么，最多 300 字",
            "The person will read it: what was wrong and what to do next, at most 300 characters",
        ),
        widget=forms.Textarea,
    )


class CorrectForm(forms.Form):
    """Which record was on the page, and a note; the facts themselves are the pack's form."""

    use_required_attribute = False

    note = _note()
    record = forms.UUIDField(widget=forms.HiddenInput)
    request = forms.UUIDField(widget=forms.HiddenInput)


class VoidForm(CorrectForm):
    """Nothing is chosen beforehand: what was voided is not brought back."""

    reason = forms.ChoiceField(
        label=later("为什么作废", "Why it is voided"),
        widget=forms.RadioSelect,
        choices=[
            (one.value, later(words.zh, words.en))
            for one, words in FAULT_WORDS.items()
            if one in VOIDS
        ],
    )
    field_order = ("reason", "note", "record", "request")
