"""The forms of the operator: a new account, one more role, a new organisation, other hours of one."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, Final

from django import forms

from huxin.node.base.accounts import STAFF
from huxin.node.base.fields import later
from huxin.node.base.models import Organisation
from huxin.node.base.permissions import ROLE_WORDS, Role
from huxin.node.base.words import said

__all__ = ["AccountForm", "HoursForm", "OrganisationForm", "RoleForm"]

_ROLES: Final = tuple(role for role in Role if role in STAFF)


class AccountForm(forms.Form):
    """Who shall work here, as what, and where."""

    use_required_attribute = False

    username = forms.RegexField(
        r"[a-z0-9][a-z0-9._-]{2,39}",
        label=later("账号名", "Account name"),
        help_text=later(
            "3 到 40 个小写字母、数字、点、横线；不要用证件号或电话",
            "3 to 40 small letters, digits, dots, dashes; no document or telephone number",
        ),
        error_messages={"invalid": later("请只用小写字母和数字，如 clerk-lin", "Small letters and digits only, such as clerk-lin")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    shown = forms.CharField(
        max_length=60,
        label=later("显示名", "Name that colleagues see"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisation = forms.ChoiceField(label=later("在哪个机构", "Where they work"))
    roles = forms.MultipleChoiceField(
        label=later("做什么", "What they do"),
        help_text=later("只给需要的；可以选几项", "Only what is needed; several may be chosen"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, places: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.id), f"{one.name_zh} {one.name_en}") for one in places]
        empty = ("", later("请选", "Choose"))
        self.fields["organisation"].choices = [empty, *choices]  # type: ignore[attr-defined]
        roles = [(role.value, said(ROLE_WORDS[role])) for role in _ROLES]
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]

    def place(self) -> uuid.UUID:
        """Return the chosen organisation."""
        return uuid.UUID(self.cleaned_data["organisation"])

    def wanted(self) -> list[Role]:
        """Return the chosen roles."""
        return [Role(one) for one in self.cleaned_data["roles"]]


class RoleForm(forms.Form):
    """One more role for an account that has `held`."""

    use_required_attribute = False

    role = forms.ChoiceField(label=later("再给一个角色", "One more role"))

    def __init__(self, held: Collection[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = [(role.value, said(ROLE_WORDS[role])) for role in _ROLES if role not in held]
        self.fields["role"].choices = [("", later("请选", "Choose")), *more]  # type: ignore[attr-defined]


def _hours() -> forms.CharField:
    return forms.CharField(
        max_length=80, required=False, label=later("开放时间", "When it is open"),
        help_text=later("如 周一至周五 8:30–17:00；写一段，门诊周一至周五照它放号",
                        "such as Mon–Fri 8:30–17:00: one range, by which a clinic opens its times, Monday to Friday"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class OrganisationForm(forms.Form):
    """A clinic, a desk, a gate."""

    use_required_attribute = False

    zh = forms.CharField(
        max_length=46, label=later("中文名", "Name in Chinese"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "zh-Hans"}),
    )  # fmt: skip
    en = forms.CharField(
        max_length=80, label=later("英文名", "Name in English"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "en"}),
    )  # fmt: skip
    hours = _hours()


class HoursForm(forms.Form):
    """Other hours for one of `places`."""

    use_required_attribute = False
    prefix = "other"  # it stands beside a form that asks for hours too

    place = forms.ChoiceField(label=later("哪个机构", "Which organisation"))
    hours = _hours()

    def __init__(self, places: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.id), f"{one.name_zh} {one.name_en}") for one in places]
        self.fields["place"].choices = [("", later("请选", "Choose")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> uuid.UUID:
        """Return the chosen organisation."""
        return uuid.UUID(self.cleaned_data["place"])
