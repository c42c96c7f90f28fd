"""The forms of a recall: which batch or which key, what holders are told, and why a colleague declines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.local_day import in_reach
from huxin.node.trust.actions.recalls import LONGEST_BATCH, Meant
from huxin.node.trust.actions.revoke import LONGEST_NOTE
from huxin.node.trust.queries.recall_cards import packs_with_batches
from huxin.node.trust.queries.recalls import Key
from huxin.packs.reader import Choice, Pack, Words

__all__ = ["BatchForm", "KeyForm", "WhyForm"]

_DISORDER: Final = Words("最后一天早于第一天", "The last day is before the first")
_NO_DATE: Final = later("这不是一个日期，如 2026-03-31", "Not a date such as 2026-03-31")


def _longest(letters: int) -> str:
    return later(f"太长：最多 {letters} 个字", f"Too long: at most {letters} letters")


def _note(zh: str, en: str) -> forms.CharField:
    return forms.CharField(
        label=later(zh, en), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea,
        error_messages={"max_length": _longest(LONGEST_NOTE)},
        help_text=later(
            "去哪里、什么时候、带什么；所有人读到的一样，不写个人的事",
            "Where, when and what to bring; all holders read the same, so nothing about one person",
        ),
    )  # fmt: skip


def _day(zh: str, en: str) -> forms.DateField:
    return forms.DateField(
        label=later(zh, en), required=False, widget=DateBoxes(), error_messages={"invalid": _NO_DATE},
        validators=[_reach],
    )  # fmt: skip


def _reach(day: date) -> None:
    if not in_reach(day):
        raise forms.ValidationError(_NO_DATE)


class _Notes(forms.Form):
    """What the two forms share."""

    use_required_attribute = False

    note_zh = _note("给本人的话（中文）", "A note for the holders (Chinese)")
    note_en = _note("给本人的话（英文）", "A note for the holders (English)")
    request = forms.UUIDField(widget=forms.HiddenInput)


class BatchForm(_Notes):
    """A batch: of which vaccine, and its number."""

    what = forms.ChoiceField(
        label=later("哪一种卡、哪一种疫苗", "Which card and which vaccine"),
        help_text=later(
            "不同厂家的批号可能相同：知道疫苗就选疫苗",
            "Two makers may use one number: choose the vaccine where it is known",
        ),
        choices=[],
    )
    batch = forms.CharField(
        label=later("批号", "Batch number"),
        max_length=LONGEST_BATCH,
        error_messages={"max_length": _longest(LONGEST_BATCH)},
        help_text=later(
            "照瓶子上的写；大小写、全角半角、空格不影响",
            "As on the vial; capitals, width and spaces make no difference",
        ),
    )
    field_order = ("what", "batch", "note_zh", "note_en", "request")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_group(one) for one in packs_with_batches()]

    def meant(self) -> Meant:
        """Return what was asked for; the form is valid."""
        sent = self.cleaned_data
        pack, _, choice = sent["what"].partition("/")
        return Meant(
            "batch-recalled", sent["request"], pack=pack, choice=choice, batch=sent["batch"],
            note_zh=sent["note_zh"], note_en=sent["note_en"],
        )  # fmt: skip


def _group(pack: Pack) -> tuple[str, list[tuple[str, str]]]:
    words = pack.short
    column = pack.column(pack.choice).head
    any_ = later(
        f"{words.zh}：不论哪一种{column.zh}", f"{words.en}: whichever {column.en.casefold()}"
    )
    choices: Sequence[Choice] = pack.column(pack.choice).choices
    each = [
        (f"{pack.id}/{one.id}", later(f"{words.zh}：{one.words.zh}", f"{words.en}: {one.words.en}"))
        for one in choices
    ]
    return later(words.zh, words.en), [(pack.id, any_), *each]


class KeyForm(_Notes):
    """A key that was lost; its cards can be narrowed by the days on which they were issued."""

    kid = forms.ChoiceField(
        label=later("哪一把密钥", "Which key"), widget=forms.RadioSelect, choices=[]
    )
    first_day = _day("从哪一天签发的", "Issued from this day on")
    last_day = _day("到哪一天签发的", "Issued until this day")
    field_order = ("kid", "first_day", "last_day", "note_zh", "note_en", "request")

    def __init__(self, *args: Any, keys: Sequence[Key], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["kid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.kid, _key(one)) for one in keys]

    def clean(self) -> dict[str, Any] | None:
        """Refuse days in disorder."""
        first: date | None = self.cleaned_data.get("first_day")
        last: date | None = self.cleaned_data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", forms.ValidationError(_DISORDER))  # type: ignore[arg-type]  # a pair of words, said by `fields`
        return self.cleaned_data

    def meant(self) -> Meant:
        """Return what was asked for; the form is valid."""
        sent = self.cleaned_data
        return Meant(
            "key-lost", sent["request"], kid=sent["kid"], first_day=sent["first_day"],
            last_day=sent["last_day"], note_zh=sent["note_zh"], note_en=sent["note_en"],
        )  # fmt: skip


def _key(key: Key) -> str:
    return later(
        f"{key.kid}：{key.cards} 张还算数，{key.first} 到 {key.last} 签发",
        f"{key.kid}: cards that count {key.cards}, issued {key.first} to {key.last}",
    )


class WhyForm(forms.Form):
    """Why a colleague's recall is declined."""

    use_required_attribute = False

    why = forms.CharField(
        max_length=LONGEST_NOTE,
        label=later("为什么不同意", "Why not"),
        help_text=later("请求的同事会读到，最多 300 字", "The colleague who asked will read it, at most 300 characters"),
        widget=forms.Textarea,
    )  # fmt: skip
