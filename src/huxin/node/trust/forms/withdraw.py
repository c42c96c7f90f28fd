"""The form of a withdrawal: a reason of the closed list, and a note for the holder."""

from __future__ import annotations

from django import forms

from huxin.node.base.fields import later
from huxin.node.trust.actions.revoke import LONGEST_NOTE
from huxin.node.trust.words import REASON_WORDS

__all__ = ["WithdrawForm"]


class WithdrawForm(forms.Form):
    """Nothing is chosen beforehand: a withdrawal cannot be taken back."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=later("为什么撤回", "Why it is withdrawn"),
        widget=forms.RadioSelect,
        choices=[(name, later(words.zh, words.en)) for name, words in REASON_WORDS.items()],
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label=later("给本人的话", "A note for the holder"),
        help_text=later(
            "本人会读到；写下一步去哪里、做什么，最多 300 字",
            "The holder will read it; say where to go and what to do next, at most 300 characters",
        ),
        widget=forms.Textarea,
    )
