"""What a form field shows, taken from Django's bound field: label, hint, errors, control.

Responsible for the order and the names that tie these together (`id`, `aria-describedby`), and
for dates in three boxes.  Leaves the markup to `templates/ui/field.html`.

- a label, a hint, a choice or an error may be a pair of words; the page picks the language;
- a hint comes before the control, an error says what is wrong and what is right;
- of a date only the wrong box is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from huxin.node.base.words import said, says
from huxin.packs.reader import Words

__all__ = ["DateBoxes", "Shown", "later", "messages", "shown"]

_LATER: Final = lazy(says, str)
_PARTS: Final = (("year", 4), ("month", 2), ("day", 2))
_MOST: Final = {"year": 9999, "month": 12, "day": 31}


def later(zh: str, en: str) -> str:
    """Return words for a form's class body: said in the language of the page that shows them."""
    # Lazy: a class body runs before anybody has chosen a language.
    return _LATER(zh, en)


class DateBoxes(forms.Widget):
    """Year, month and day in three boxes.  With `partial`, a year alone or a month is a date too.

    Gives its field an ISO text (`2022-03-18`, partly known `2022-03` or `2022`); what cannot be one
    is handed on as typed, so that the field refuses it and nothing is lost.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, partial: bool = False) -> None:
        super().__init__(attrs)
        self.partial = partial

    def id_for_label(self, id_: str) -> str:
        """Return the first box, since that is where one begins to type."""
        return f"{id_}_year" if id_ else ""

    def use_required_attribute(self, _initial: Any) -> bool:
        """Say no: a partly known date leaves boxes empty."""
        return False

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> str:
        """Return the date as one text; empty when all boxes are."""
        typed = [str(data.get(f"{name}_{part}", "")).strip() for part, _ in _PARTS]
        while typed and not typed[-1]:
            typed.pop()
        # A year of two digits stays one: padded, it would be a year of the first century.
        return "-".join(part.zfill(size) if part.isdigit() and size == 2 else part
                        for part, (_, size) in zip(typed, _PARTS, strict=False))  # fmt: skip

    def value_omitted_from_data(self, data: Mapping[str, Any], _files: Any, name: str) -> bool:
        """Tell whether the form had no such boxes at all."""
        return all(f"{name}_{part}" not in data for part, _ in _PARTS)

    def parts(self, value: Any) -> dict[str, str]:
        """Return what each box shows."""
        text = value.isoformat() if hasattr(value, "isoformat") else str(value or "")
        pieces = [*text.split("-", 2), "", "", ""][:3]
        return dict(zip(("year", "month", "day"), pieces, strict=True))

    def wrong_parts(self, value: Any) -> tuple[str, ...]:
        """Return the boxes that cannot be right; when each could be, the last one filled."""
        parts = self.parts(value)
        needed = [part for part, _ in _PARTS if not (self.partial and part != "year")]
        wrong = [part for part in needed if not parts[part]]
        wrong += [part for part, text in parts.items() if text and not _possible(part, text)]
        filled = [part for part, text in parts.items() if text]
        return tuple(wrong) or tuple(filled[-1:]) or ("year",)

    def render(self, name: str, value: Any, *_: Any, **__: Any) -> SafeString:
        """Return the bare boxes; `{% field %}` draws them with their labels."""
        rows = ((f"{name}_{part}", text) for part, text in self.parts(value).items())
        return format_html_join(" ", '<input type="text" name="{}" value="{}">', rows)


def _possible(part: str, text: str) -> bool:
    if not (text.isascii() and text.isdigit()):
        return False
    if part == "year" and len(text) != 4:
        return False
    return 1 <= int(text) <= _MOST[part]


@dataclass(frozen=True, slots=True)
class Box:
    """One of the boxes of a date."""

    id: str
    name: str
    value: str
    label: str
    year: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One of the choices of a field: its control, its words, a line below them."""

    tag: SafeString
    label: str
    id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as its template needs it.  `kind`: line, choices, tick, date, hidden."""

    kind: str
    id: str
    label: str
    hint: str
    errors: tuple[str, ...]
    optional: bool
    described_by: str
    control: SafeString | str = ""
    options: tuple[Option, ...] = ()
    boxes: tuple[Box, ...] = ()

    @property
    def first_id(self) -> str:
        """Return where an error summary leads: the wrong box, the first choice, the control."""
        if self.boxes:
            return next((box.id for box in self.boxes if box.wrong), self.boxes[0].id)
        return self.options[0].id if self.options else self.id


def _say(words: Any) -> str:
    return said(words) if isinstance(words, Words) else str(words or "")


_USUAL: Final = {
    "required": forms.Field.default_error_messages["required"],
    "invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"],
}
# What the libraries say in their own way, in ours; by their codes.
_OURS: Final = {
    "required": ("这一项要填", "This is needed"),
    "invalid_choice": ("请从列出的里面选", "Please choose one of those listed"),
    "username_password_mismatch": ("账号或密码不对", "Account name or password is not right"),
    "password_too_short": (
        "密码太短，至少 10 个字符",
        "The password is too short; it needs at least 10 characters",
    ),
    "password_too_common": (
        "这个密码太常见，容易被猜到",
        "This password is too common and easy to guess",
    ),
    "password_entirely_numeric": (
        "密码不能只有数字",
        "The password cannot be digits only",
    ),
    "incorrect_password": ("密码不对", "The password is not right"),
    "incorrect_code": (
        "验证码不对。请等下一个，也看看手机时间准不准",
        "The code is not right. Wait for the next one, and see that the phone's clock is",
    ),
    "enter_current_password": ("现在的密码不对", "The present password is not right"),
    "same_as_current": ("和现在的一样", "This is the same as now"),
    "password_too_similar": (
        "密码和账号太像，容易被猜到",
        "The password is too much like the account's name and easy to guess",
    ),
    "account_inactive": (
        "这个账号停用了，请找管账号的人",
        "This account is closed; ask whoever looks after accounts",
    ),
    "rate_limited": ("太快了，请等一会儿再试", "Too fast; wait a moment and try again"),
    "too_many_login_attempts": ("次数太多，请等几分钟再试", "Too many tries; wait a few minutes"),
}


def messages(errors: Iterable[ValidationError]) -> tuple[str, ...]:
    """Return errors as sentences in the page's language; an empty field gets ours."""
    found = []
    for error in errors:
        if isinstance(error.message, Words):
            found.append(_filled(said(error.message), error.params))
        elif error.code in _OURS and _is_usual(error):
            found.append(says(*_OURS[error.code]))
        else:
            found.extend(str(each) for each in error)
    return tuple(dict.fromkeys(found))


def _is_usual(error: ValidationError) -> bool:
    """Tell whether a message is the library's, not one that a form of ours chose."""
    usual = _USUAL.get(error.code or "")
    return usual is None or error.message is usual


def _filled(text: str, params: Any) -> str:
    for name, value in (params or {}).items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def shown(bound: BoundField, *, label: str = "", hint: str = "") -> Shown:
    """Return what there is to show of a bound field."""
    widget = bound.field.widget
    id_ = bound.auto_id or bound.html_name
    hint = hint or _say(bound.help_text)
    errors = messages(bound.errors.as_data()) if bound.errors else ()
    # What is wrong is said first, and then how it is written.
    about = [f"{id_}_error"] if errors else []
    about += [f"{id_}_hint"] if hint else []
    attrs: dict[str, Any] = {"aria-describedby": " ".join(about) or None}
    attrs |= {"aria-invalid": "true"} if errors else {}
    attrs |= {"rows": 4} if isinstance(widget, forms.Textarea) else {}
    kind = _kind(widget)
    # The hint of a tick stands inside its label; it describes the tick and does not name it.
    attrs |= {"aria-labelledby": f"{id_}_label"} if kind == "tick" and hint else {}
    attrs = {name: value for name, value in attrs.items() if value}
    # A word inside an empty box looks like an answer, and is gone when it is needed.
    attrs |= {"placeholder": ""} if "placeholder" in widget.attrs else {}
    parts: dict[str, Any] = {"control": ""}
    if kind == "date":
        parts["boxes"] = _boxes(bound, id_)
    elif kind == "choices":
        parts["options"] = tuple(_option(each) for each in bound)
    elif kind != "hidden" or not errors:
        parts["control"] = bound.as_widget(attrs=attrs)
    return Shown(
        kind=kind, id=id_, label=label or _say(bound.label), hint=hint, errors=errors,
        optional=not bound.field.required, described_by=" ".join(about), **parts,
    )  # fmt: skip


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, DateBoxes):
        return "date"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "hidden" if widget.is_hidden else "line"


def _option(each: BoundWidget) -> Option:
    label = each.data["label"]
    # The bare control: Django's own tag would wrap it in a label a second time.
    tag = SafeString(each.tag(wrap_label=False))
    return Option(tag, _say(label), each.id_for_label)


def _boxes(bound: BoundField, id_: str) -> tuple[Box, ...]:
    widget = bound.field.widget
    value = bound.value()
    wrong = widget.wrong_parts(value) if bound.errors else ()
    words = {"year": says("年", "year"), "month": says("月", "month"), "day": says("日", "day")}
    parts = widget.parts(value)
    return tuple(
        Box(f"{id_}_{part}", f"{bound.html_name}_{part}", parts[part], words[part],
            part == "year", part in wrong)
        for part, _ in _PARTS
    )  # fmt: skip
