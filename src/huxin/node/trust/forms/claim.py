"""The forms of a claim slip: its code with the year of birth; name and password of an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.node.base.accounts import is_name
from huxin.node.base.fields import later
from huxin.node.base.slip_forms import CodeField, NewPasswordForm, SlipForm
from huxin.node.base.words import says

__all__ = ["AccountForm", "ClaimForm", "KeepForm"]

_CODE: Final = later("领取单上的码", "Code on the claim slip")


class ClaimForm(SlipForm):
    """Code and year of birth."""

    code = CodeField(_CODE)


class AccountForm(NewPasswordForm):
    """A user name and a password of one's own."""

    username = forms.CharField(
        max_length=60,
        label=later("账号名", "Account name"),
        help_text=later(
            "3 到 40 个小写字母或数字，不要用证件号和电话",
            "3 to 40 small letters or digits; not a document or telephone number",
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order: Sequence[str] = ("username", "password", "again")

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"].strip().lower()
        if not is_name(typed):
            raise ValidationError(
                says(
                    "只用 3 到 40 个小写字母、数字和 - . _，第一个是字母或数字",
                    "Use 3 to 40 small letters, digits and - . _, beginning with a letter or digit",
                )
            )
        return typed

    def taken(self) -> None:
        """Say that the name belongs to somebody else."""
        self.add_error("username", says("这个账号名有人用了", "That name is taken"))


class KeepForm(AccountForm):
    """An account for a browser that a slip opened a while ago: the code stands on the paper."""

    code = CodeField(_CODE)
    field_order = ("code", "username", "password", "again")
