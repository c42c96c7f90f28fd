"""The form of a reset slip: who is there, and what was lost; nothing is chosen beforehand."""

from __future__ import annotations

from django import forms

from huxin.node.base.fields import later

__all__ = ["ResetForm"]


class ResetForm(forms.Form):
    """What was lost is said, not guessed: removing second keys makes an account weaker."""

    use_required_attribute = False

    keys = forms.ChoiceField(
        label=later("丢了什么", "What was lost"),
        widget=forms.RadioSelect,
        choices=[
            (
                "password",
                later(
                    "只忘了密码；第二道钥匙还在，继续用",
                    "The password only; the second key, if there is one, stays in use",
                ),
            ),
            (
                "too",
                later(
                    "第二道钥匙也没了（手机码、通行密钥、恢复码），一起去掉",
                    "The second key too (code from a phone, passkey, recovery codes): remove it",
                ),
            ),
        ],
    )
    present = forms.BooleanField(
        label=later("本人在场，并且核对过是谁", "The person is here, and I made sure who it is"),
        help_text=later(
            "做单、用单都写进本人的查看记录",
            "Making and using the slip are written where the person sees it",
        ),
    )
    request = forms.UUIDField(widget=forms.HiddenInput)
