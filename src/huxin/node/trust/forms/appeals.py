"""The forms of appeals: what is wrong, the receipt's number and code, an officer's decision."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.node.base.fields import later
from huxin.node.base.models import Organisation
from huxin.node.base.slip_forms import CodeField
from huxin.node.base.words import said, says
from huxin.node.trust.actions.appeals import LONGEST, LONGEST_CONTACT, NUMBER_LETTERS
from huxin.node.trust.actions.decide_appeals import LONGEST_REASON
from huxin.node.trust.appeal_words import DECISIONS
from huxin.packs.reader import Words
from huxin.trust.appeals import Decision, holds_a_card

__all__ = ["AgainForm", "AppealForm", "DeskAppealForm", "ReceiptForm", "RulingForm"]

_NOBODY: Final = "receipt"
_WHAT: Final = later("哪里不对，您要什么", "What is wrong, and what you ask for")


def _no_card(text: str) -> None:
    if holds_a_card(text):
        raise ValidationError(
            says(
                "里面有一张卡的码。卡的码我们不留，请删掉它再交",
                "The code of a card is in it. We keep no such code; please take it out and send again",
            )
        )


class AppealForm(forms.Form):
    """What is wrong; nothing else is needed."""

    use_required_attribute = False

    request = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        required=False,
        label=later("替谁申诉", "For whom"),
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(
        required=False,
        label=later("是哪条规则", "Which rule it was"),
        help_text=later("不知道就不选", "Leave it if you do not know"),
    )
    text = forms.CharField(
        max_length=LONGEST,
        validators=[_no_card],
        label=_WHAT,
        help_text=later(
            "说清楚发生了什么就行，不用写证件号，也不用粘贴卡上的码；最多 1000 字",
            "Say what happened. No document number is needed, and no code of a card; 1000 letters at most",
        ),
        widget=forms.Textarea,
    )
    contact = forms.CharField(
        required=False,
        max_length=LONGEST_CONTACT,
        label=later("怎样找到您", "How to reach you"),
        help_text=later(
            "电话或别的。可以不写：凭回执就能看决定",
            "A telephone number or anything else. It may stay empty: the receipt opens the decision",
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rules: Mapping[str, Words],
        people: Sequence[tuple[uuid.UUID, str]] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        if not rules:
            del self.fields["rule"]
        else:
            none = says("不知道，或不止一条", "I do not know, or several")
            named = [(key, said(words)) for key, words in rules.items()]
            self._field("rule").choices = [("", none), *named]
        if not people:
            del self.fields["who"]
        else:
            receipt = says(
                "不记在谁的名下，只凭回执看决定", "In nobody's name; the receipt opens the decision"
            )
            named = [(str(key), name) for key, name in people]
            self._field("who").choices = [*named, (_NOBODY, receipt)]
            self.initial.setdefault("who", named[0][0])

    def _field(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    @property
    def person(self) -> uuid.UUID | None:
        """For whom it is; nobody where only the receipt tells whose it is."""
        told = self.cleaned_data.get("who", "")
        return uuid.UUID(told) if told and told != _NOBODY else None

    @property
    def rule_named(self) -> tuple[str, str]:
        """The rule's number and version; empty where none was chosen."""
        rule, _, version = self.cleaned_data.get("rule", "").partition(" ")
        return rule, version


class DeskAppealForm(AppealForm):
    """The same, written down at a desk for somebody who is there."""

    present = forms.BooleanField(
        label=later(
            "本人或代办人在场，写的是他们说的话",
            "The person or who acts for them is here, and these are their words",
        )
    )


class AgainForm(forms.Form):
    """Why the decision is not right either."""

    use_required_attribute = False

    text = forms.CharField(
        max_length=LONGEST,
        validators=[_no_card],
        label=later("决定哪里不对", "What is wrong with the decision"),
        help_text=later(
            "由另一位工作人员看，24 小时内答复；只能再申诉一次",
            "Another officer looks at it and answers within 24 hours; this can be done once",
        ),
        widget=forms.Textarea,
    )


class ReceiptForm(forms.Form):
    """The number and the code of a receipt."""

    use_required_attribute = False

    number = forms.CharField(
        max_length=40,
        label=later("回执编号", "Number of the receipt"),
        help_text=later("8 个字母或数字", "8 letters or digits"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    code = CodeField(later("核对码", "Check code"))

    def clean_number(self) -> str:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["number"])
        plain = "".join(filter(str.isalnum, typed))
        if len(plain) != NUMBER_LETTERS:
            raise ValidationError(
                says(
                    "编号是 8 个字母或数字，这里有 {n} 个",
                    "The number has 8 letters or digits; here are {n}",
                    n=len(plain),
                )
            )
        return plain


class RulingForm(forms.Form):
    """A decision of the closed list, and the reason; nothing is chosen beforehand."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        label=later("决定", "Decision"),
        widget=forms.RadioSelect,
        choices=[(one.value, later(words.zh, words.en)) for one, words in DECISIONS.items()],
    )
    desk = forms.ChoiceField(
        required=False,
        label=later("到哪个窗口更正卡", "At which desk the card is corrected"),
        help_text=later("只在卡有错时选", "Only where the card is wrong"),
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label=later("理由", "Reason"),
        help_text=later(
            "本人会原样读到：看了什么、为什么、接下来怎么办；最多 1000 字",
            "The person reads it as it stands: what you looked at, why, what happens next; 1000 letters at most",
        ),
        widget=forms.Textarea,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        desks: Iterable[Organisation],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self._desks = {str(one.id): one for one in desks}
        named = [(key, says(one.name_zh, one.name_en)) for key, one in self._desks.items()]
        field = self.fields["desk"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", says("不涉及卡", "No card is concerned")), *named]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        asked = bool(self._desks) and told.get("decision") == Decision.MEND_CARD
        if asked and not told.get("desk"):
            self.add_error(
                "desk",
                says("卡有错，要写明到哪个窗口更正", "Say at which desk the card is corrected"),
            )
        return told

    @property
    def chosen_desk(self) -> Organisation | None:
        """The desk that was chosen."""
        return self._desks.get(self.cleaned_data.get("desk", ""))
