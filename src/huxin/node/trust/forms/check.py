"""The form of the checking page: a text, files, or a frame of the camera, read to codes."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base.fields import later
from huxin.node.trust.queries.checking import MOST_CODES, texts_in
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust.reading import MAX_INPUT

__all__ = ["ACCEPT", "MOST_BYTES", "CheckForm", "refusal_words"]

ACCEPT: Final = ".png,.jpg,.jpeg,.pdf,.smart-health-card,image/png,image/jpeg,application/pdf"
MOST_BYTES: Final = 20_000_000  # all files of one person together
_MOST_ECHOED: Final = 8_000
_MORE: Final = {
    "format": Words(
        "这里能读 PNG、JPEG、PDF 和 .smart-health-card。",
        "PNG, JPEG, PDF and .smart-health-card are read here.",
    ),
    "too-big": Words(
        f"一次最多 {MOST_CODES} 个码。", f"At most {MOST_CODES} codes are read at a time."
    ),
}
_NOTHING: Final = Words("", "")


def refusal_words(refusal: Refusal) -> Words:
    """Return what went wrong, what to do, and the code, as one text."""
    code = CODES[refusal.code]
    more = _MORE.get(refusal.code, _NOTHING)
    return Words(
        f"{code.text['zh']}{more.zh}{code.next['zh']}（代号 {code.code}）",
        " ".join(filter(None, (code.text["en"], more.en, code.next["en"], f"(code {code.code})"))),
    )


class _CodeField(forms.CharField):
    """Text as it came: what is wrong with it is for the reader of codes to say."""

    def run_validators(self, value: Any) -> None:
        """Leave it to the reader."""

    def validate(self, value: Any) -> None:
        """Leave it to the form: one of its fields is enough."""


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"


class _FilesField(forms.FileField):
    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002  # Django's own signature
        """Return the files, of any name, type and size."""
        return [one for one in data or () if isinstance(one, UploadedFile)]


class CheckForm(forms.Form):
    """What is handed in.  `cleaned_data["codes"]` are the texts of all codes of this person."""

    use_required_attribute = False  # either field will do, and neither is "optional"

    text = _CodeField(
        label=later(
            "扫码枪扫到这里，或粘贴码的文字", "Scan into this field, or paste the code's text"
        ),
        strip=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "autocorrect": "off",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    file = _FilesField(
        label=later("或选图片、PDF", "Or choose a picture or PDF"),
        help_text=later(
            "PNG、JPEG、PDF、.smart-health-card，最大 20 MB；也可以拖进来",
            "PNG, JPEG, PDF, .smart-health-card, up to 20 MB; or drop it here",
        ),
        widget=_ManyFiles(attrs={"accept": ACCEPT}),
    )  # fmt: skip

    @property
    def shown(self) -> list[str]:
        """The codes of this person that were shown before."""
        return cast("QueryDict", self.data).getlist("shown") if self.is_bound else []

    @property
    def codes_of_faults(self) -> set[str]:
        """The codes of what was refused."""
        return {one.code or "" for each in self.errors.as_data().values() for one in each}

    @classmethod
    def refused(cls, refusal: Refusal) -> CheckForm:
        """Return an empty form that says why what was handed in is not judged."""
        form = cls(QueryDict())
        form.is_valid()
        form.errors.clear()
        form.refuse("file", refusal)
        return form

    def clean(self) -> dict[str, Any]:
        """Read everything to codes; what cannot be read is told at its field."""
        found = [*self.shown, *self._typed()]
        frames = cast("Any", self.files).getlist("frame")
        for one in (*self.cleaned_data.get("file", ()), *frames):
            found += self._read(one)
        found = list(dict.fromkeys(found))
        nothing = self.nothing_shown()
        if nothing and not self.errors and len(found) == len(set(self.shown)):
            self.refuse("text", nothing)
        if len(found) > MOST_CODES:
            self.refuse("file", Refusal("too-big", "codes"))
        return {**self.cleaned_data, "codes": found}

    def nothing_shown(self) -> Refusal | None:
        """Return why it is not enough that nothing new was handed in; `None` where it is."""
        return Refusal("no-card")

    def _typed(self) -> list[str]:
        text = self.cleaned_data.get("text", "")
        if len(text) > MAX_INPUT:
            self.refuse("text", Refusal("too-big", "text"))
        if len(text) > _MOST_ECHOED:
            # What is far too long for a card is not sent back: it would only be in the way.
            typed = cast("QueryDict", self.data).copy()
            typed["text"] = ""
            self.data = typed
        return [text] if text.strip() and not self.errors else []

    def _read(self, file: UploadedFile) -> list[str]:
        try:
            return list(texts_in(file.read()))
        except RefusalError as error:
            self.refuse("file", error.refusal)
            return []

    def refuse(self, name: str, refusal: Refusal) -> None:
        """Say at a field why what was handed in is not judged."""
        words: Any = refusal_words(refusal)
        self.add_error(name, ValidationError(words, code=refusal.code))
