"""What is wrong on a card, and the answer."""

from __future__ import annotations

from typing import Final

from django import forms

from huxin.node.base.fields import later

__all__ = ["AnswerForm", "ReportForm"]

_LONGEST: Final = 500


class ReportForm(forms.Form):
    """What is wrong; one field."""

    use_required_attribute = False

    request = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=_LONGEST,
        label=later("哪里不对，应该是什么", "What is wrong, and what is right"),
        help_text=later(
            "例如：日期应是 2025-03-20。只写卡上的事；最多 500 字",
            "Such as: the date should be 2025-03-20. Only what stands on the card; 500 letters at most",
        ),
        widget=forms.Textarea,
    )


class AnswerForm(forms.Form):
    """The answer, which the person will read."""

    use_required_attribute = False

    text = forms.CharField(
        max_length=_LONGEST,
        label=later("答复", "Answer"),
        help_text=later(
            "本人会原样读到。说清楚查到什么、接下来怎么办",
            "The person reads it as it stands. Say what you found and what happens next",
        ),
        widget=forms.Textarea,
    )
