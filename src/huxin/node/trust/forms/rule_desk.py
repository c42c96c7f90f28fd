"""The forms of the rule desk: what a draft begins with, and why one is sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms

from huxin.node.base.fields import later
from huxin.node.trust.actions.rule_desk import LONGEST_NOTE
from huxin.node.trust.queries import rule_texts, rules
from huxin.packs import reader

__all__ = ["BeginForm", "SendBackForm"]

_NOTHING: Final = "nothing"


class BeginForm(forms.Form):
    """What a draft begins with: what is asked today, a pack, or an example."""

    use_required_attribute = False

    source = forms.ChoiceField(
        label=later("从什么开始", "Begin with"), widget=forms.RadioSelect, choices=[]
    )
    request = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self._now = now
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*_asked(now), *_packs(), (_NOTHING, _EXAMPLE)]

    def text(self) -> tuple[str, str]:
        """Return the text to begin with, and the pack that it is from; the form is valid."""
        kind, _, name = self.cleaned_data["source"].partition(":")
        if kind == "pack":
            return rule_texts.of_pack(name, self._now), name
        if kind == "purpose":
            return rule_texts.of_purpose(name, self._now), rules.pack_of(name)
        return rule_texts.of_nothing(self._now), ""


_EXAMPLE: Final = later("空白：一条例子，全部自己写", "An example, to be written anew")


def _asked(now: datetime) -> list[tuple[str, str]]:
    return [
        (
            f"purpose:{one.purpose}",
            later(
                f"现在问的：{one.words.zh}，写下一个版本",
                f"What is asked: {one.words.en}, as its next version",
            ),
        )
        for one in rules.asked(now)
    ]


def _packs() -> list[tuple[str, str]]:
    found = [(one, reader.pack(one).short) for one in rule_texts.packs()]
    return [
        (f"pack:{one}", later(f"规则包：{words.zh}", f"The pack: {words.en}"))
        for one, words in found
    ]


class SendBackForm(forms.Form):
    """Why a draft is sent back to who wrote it."""

    use_required_attribute = False

    note = forms.CharField(
        max_length=LONGEST_NOTE,
        label=later("为什么退回", "Why it is sent back"),
        help_text=later(
            "写的人会读到，最多 300 字", "Who wrote it will read this, at most 300 characters"
        ),
        widget=forms.Textarea,
    )
