"""The form of a notice: in both languages, with author, source and last day; with a reason to correct."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.node.base.fields import DateBoxes, later
from huxin.node.base.uploads import PictureField
from huxin.node.trust.actions.notices import Said
from huxin.packs.reader import Words

__all__ = ["NoticeForm", "WithdrawForm", "known_of"]

_LONGEST: Final = timedelta(days=366)
_PAIRS: Final = ("title", "body", "author", "reason", "alt")
_BOTH: Final = Words("中文和英文都要写", "Write it in Chinese and in English")


def _text(zh: str, en: str, longest: int, *, needed: bool = True, rows: int = 0) -> Any:
    widget: Any = forms.Textarea if rows else forms.TextInput
    return forms.CharField(
        label=later(zh, en), max_length=longest, required=needed, widget=widget,
        error_messages={"max_length": _longest(longest)},
    )  # fmt: skip


def _longest(letters: int) -> str:
    return later(f"太长：最多 {letters} 个字", f"Too long: at most {letters} letters")


class NoticeForm(forms.Form):
    """Everything that a version says.  `corrects`: there is a published version before it."""

    title_zh = _text("标题（中文）", "Title (Chinese)", 60)
    title_en = _text("标题（英文）", "Title (English)", 120)
    body_zh = _text("正文（中文）", "Text (Chinese)", 6_000, rows=8)
    body_en = _text("正文（英文）", "Text (English)", 12_000, rows=8)
    author_zh = _text("谁说的（中文，公开）", "Author (Chinese, public)", 60)
    author_en = _text("谁说的（英文，公开）", "Author (English, public)", 120)
    source = forms.CharField(
        label=later("依据、来源", "Source"),
        help_text=later("文件、数据或网址；读者会看到", "A document, data or address; readers see it"),
        max_length=300,
        error_messages={"max_length": _longest(300)},
    )  # fmt: skip
    expires = forms.DateField(
        label=later("最后一天", "Last day"),
        help_text=later("过了这天，公告折起来并标明已过期；最长一年", "After it the notice folds and says so; a year at most"),
        widget=DateBoxes(),
        error_messages={"invalid": later("这不是一个日期，如 2026-12-31", "Not a date such as 2026-12-31")},
    )  # fmt: skip
    picture = PictureField(
        label=later("一张图片", "A picture"),
        help_text=later("PNG 或 JPEG，最大 10 MB；拍摄地点等会去掉", "PNG or JPEG, up to 10 MB; where it was taken is removed"),
        required=False,
    )  # fmt: skip
    remove_picture = forms.BooleanField(
        label=later("去掉现在的图片", "Remove the present picture"), required=False
    )
    alt_zh = _text("图片上是什么（中文）", "What the picture shows (Chinese)", 200, needed=False)
    alt_en = _text("图片上是什么（英文）", "What the picture shows (English)", 400, needed=False)
    reason_zh = _text(
        "为什么更正（中文，公开）", "Why it is corrected (Chinese, public)", 200, needed=False
    )
    reason_en = _text(
        "为什么更正（英文，公开）", "Why it is corrected (English, public)", 400, needed=False
    )
    request = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        today: date,
        corrects: bool = False,
        has_picture: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._today, self._has_picture = today, has_picture
        self.corrects = corrects
        if not corrects:
            del self.fields["reason_zh"], self.fields["reason_en"]
        if not has_picture:
            del self.fields["remove_picture"]

    def clean_expires(self) -> date:
        """A notice ends, not before today and within a year."""
        last: date = self.cleaned_data["expires"]
        if not self._today <= last <= self._today + _LONGEST:
            raise ValidationError(
                Words(
                    f"要在 {self._today} 和 {self._today + _LONGEST} 之间",
                    f"Between {self._today} and {self._today + _LONGEST}",
                )  # type: ignore[arg-type]  # a pair of words, which `fields.messages` says
            )
        return last

    def clean(self) -> dict[str, Any]:
        """A picture is described, a correction has its reason: both in both languages."""
        found = self.cleaned_data
        shows = bool(found.get("picture")) or (
            self._has_picture and not found.get("remove_picture") and "picture" not in self.errors
        )
        for name in (("alt",) if shows else ()) + (("reason",) if self.corrects else ()):
            for language in ("zh", "en"):
                field = f"{name}_{language}"
                if not found.get(field) and field not in self.errors:
                    self.add_error(field, ValidationError(_BOTH))  # type: ignore[arg-type]  # as above
        return found

    def said(self) -> Said:
        """Return what was written; the form is valid."""
        found = self.cleaned_data
        pairs = {
            name: Words(found.get(f"{name}_zh", ""), found.get(f"{name}_en", ""))
            for name in _PAIRS
        }  # fmt: skip
        return Said(
            **pairs,
            source=found["source"],
            expires=found["expires"],
            picture=found.get("picture") or None,
            keeps_picture=self._has_picture and not found.get("remove_picture"),
        )


class WithdrawForm(forms.Form):
    """Why a notice is withdrawn."""

    reason_zh = _text("为什么撤回（中文，公开）", "Why it is withdrawn (Chinese, public)", 200)
    reason_en = _text("为什么撤回（英文，公开）", "Why it is withdrawn (English, public)", 400)

    use_required_attribute = False

    def reason(self) -> Words:
        """Return the reason; the form is valid."""
        return Words(self.cleaned_data["reason_zh"], self.cleaned_data["reason_en"])


def known_of(version: Any) -> dict[str, Any]:
    """Return a version's fields as the form shows them; the reason is for each version anew."""
    names = [f"{name}_{language}" for name in _PAIRS for language in ("zh", "en")]
    known = {name: getattr(version, name) for name in [*names, "source", "expires"]}
    known["seen"] = version.written_at.isoformat()
    if version.published_at is not None:
        known |= {"reason_zh": "", "reason_en": ""}
    return known
