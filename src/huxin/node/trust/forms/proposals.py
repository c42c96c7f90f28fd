"""The forms that take a proposal, or one with further signatures, and the shared list as one file."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from huxin.adapters.trust_bundle import MOST_BUNDLE
from huxin.kernel.errors import RefusalError
from huxin.node.base.fields import later
from huxin.node.base.words import said
from huxin.packs.reader import Words
from huxin.spec import CODES

__all__ = ["MOST_BUNDLE", "MOST_BYTES", "BundleForm", "ProposalForm", "refused_words"]


MOST_BYTES: Final = 20_000_000  # of a proposal; one that is larger is signed outside of the node


class ProposalForm(forms.Form):
    """A file.  `cleaned_data["file"]` are its bytes."""

    use_required_attribute = False

    file = forms.FileField(
        label=later("提案文件", "File of the proposal"),
        help_text=later(
            "huxin trust propose 或 sign 写出的文件；签名会和这里的合在一起",
            "As huxin trust propose or sign wrote it; signatures are laid together with those here",
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> bytes:
        """Return the bytes; a file that is too large is refused before it is read."""
        return _bytes_of(self.cleaned_data["file"], MOST_BYTES)


class BundleForm(forms.Form):
    """The shared list in one file.  `cleaned_data["file"]` are its bytes."""

    use_required_attribute = False

    file = forms.FileField(
        label=later("清单文件", "File of the list"),
        help_text=later(
            "huxin trust bundle 写出的文件，比如从 U 盘来的；比这里旧的不收；最大 16 MB",
            "As huxin trust bundle wrote it, perhaps from a stick; an older one than here is not taken; 16 MB at most",
        ),
    )

    def clean_file(self) -> bytes:
        """Return the bytes; a file that is too large is refused before it is read."""
        return _bytes_of(self.cleaned_data["file"], MOST_BUNDLE)


def _bytes_of(file: Any, most: int) -> bytes:
    if file.size > most:
        words = refused_words(RefusalError("too-big", f"{most // 1_000_000} MB"))
        raise ValidationError(said(words), code="too-big")
    data: bytes = file.read()
    return data


def refused_words(error: RefusalError) -> Words:
    """Return why something was refused, what to do, and the code."""
    row, detail = CODES[error.refusal.code], error.refusal.detail
    return Words(
        f"{row.text['zh']}{row.next['zh']} {detail}（代号 {row.code}）",
        f"{row.text['en']} {row.next['en']} {detail} (code {row.code})",
    )
