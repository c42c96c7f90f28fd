"""The forms of slips: a code with the year of birth, and a password of one's own, written twice."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from huxin.node.base.fields import later
from huxin.node.base.slips import LETTERS
from huxin.node.base.words import says

__all__ = ["CodeField", "NewPasswordForm", "SlipForm"]


class CodeField(forms.CharField):
    """The code of a slip, however it was typed: small letters, spaces, hyphens, full width."""

    def __init__(self, label: str) -> None:
        super().__init__(
            max_length=40,
            label=label,
            help_text=later(
                "两组，每组 5 个；大小写和中间的横线不用管",
                "Two groups of 5; capitals and the hyphen do not matter",
            ),
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
            ),
        )

    def clean(self, value: Any) -> str:
        typed = unicodedata.normalize("NFKC", super().clean(value))
        plain = "".join(filter(str.isalnum, typed))
        if len(plain) != LETTERS:
            text = says(
                "码是 10 个字母或数字，这里有 {n} 个",
                "The code has 10 letters or digits; here are {n}",
                n=len(plain),
            )
            raise ValidationError(text)
        return plain


class SlipForm(forms.Form):
    """Code and year of birth."""

    use_required_attribute = False

    code = CodeField(later("单子上的码", "Code on the slip"))
    year = forms.CharField(
        max_length=8,
        label=later("出生年", "Year of birth"),
        help_text=later("四位数字，如 1948", "Four digits, such as 1948"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--short"}
        ),
    )

    def clean_year(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["year"]).strip()
        if not re.fullmatch(r"[0-9]{4}", typed):
            raise ValidationError(says("出生年是四位数字", "A year of birth has four digits"))
        return typed


class NewPasswordForm(forms.Form):
    """A password of one's own, written twice."""

    use_required_attribute = False

    password = forms.CharField(
        strip=False,
        max_length=200,
        label=later("密码", "Password"),
        help_text=later(
            "至少 10 个字符；几个不相干的词连起来最好记",
            "At least 10 characters; a few unrelated words are easiest to keep in mind",
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        strip=False,
        max_length=200,
        label=later("密码，再写一次", "Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        validate_password(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "password" in told and "again" in told and told["password"] != told["again"]:
            self.add_error("again", says("两次写的不一样", "The two are not the same"))
        return told
