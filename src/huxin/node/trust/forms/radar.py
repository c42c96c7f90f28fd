"""The form of the radar: a list of keys in a file."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.adapters import key_lists
from huxin.adapters.trust_file import FaultyFileError
from huxin.kernel.errors import RefusalError
from huxin.node.base.fields import later
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust.federation.listed import Listed

__all__ = ["MOST_BYTES", "RadarForm"]

MOST_BYTES: Final = 20_000_000
_MOST_FAULTS: Final = 5


class RadarForm(forms.Form):
    """A trust file, or a list of others.  `cleaned_data["file"]` are the keys in it."""

    use_required_attribute = False

    file = forms.FileField(
        label=later("一份密钥清单", "A list of keys"),
        help_text=later(
            "信任文件（JSON），或 DID 文档形式的清单；最大 20 MB，看完就丢",
            "A trust file (JSON), or a list that is one DID document; 20 MB at most, not kept",
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> tuple[Listed, ...]:
        """Return the keys; what cannot be read is told at the field."""
        file = self.cleaned_data["file"]
        try:
            if file.size > MOST_BYTES:
                raise RefusalError("key-file", "larger than 20 MB")
            return key_lists.parse(file.read())
        except RefusalError as error:
            words: Any = _words(error)
            raise ValidationError(words, code=error.refusal.code) from error


def _words(error: RefusalError) -> Words:
    code = CODES[error.refusal.code]
    faults = error.faults[:_MOST_FAULTS] if isinstance(error, FaultyFileError) else ()
    told = "; ".join(map(str, faults)) or error.refusal.detail
    return Words(
        f"{code.text['zh']}{told}（代号 {code.code}）",
        f"{code.text['en']} {told} (code {code.code})",
    )
