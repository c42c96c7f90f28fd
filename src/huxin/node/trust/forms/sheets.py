"""The form of a new session sheet: what all rows share, and where the names come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base.fields import later
from huxin.node.base.words import said
from huxin.node.trust.forms.desk import WHO, CellsForm
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.forms.sheet_names import MOST_ROWS, Names, pasted, read_names
from huxin.packs.entries import Fault, read_cell
from huxin.packs.reader import Choice, Pack, Words

__all__ = ["MOST_BYTES", "SheetForm"]

_ALWAYS: Final = ("batch", "centre")
MOST_BYTES: Final = 2_000_000
_NO_NAMES: Final = Words(
    "请粘贴名单，或选一个文件", "Paste the names, or choose a file with the list"
)
_NONE_LEFT: Final = Words(
    "没有一行能用，请看下面逐行的说明", "No line can be used; each is explained below"
)
_TOO_BIG: Final = Words(
    f"一张接种日名单最多 {MOST_ROWS} 人，文件最大 2 MB。请分成几张。（代号 too-big）",
    f"A session sheet holds at most {MOST_ROWS} names, a file at most 2 MB. Make several. (code too-big)",
)


class SheetForm(CellsForm):
    """One vaccine, one batch, one day, one place; and the names.  `read` is there once it is valid."""

    request = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        required=False,
        max_length=80,
        label=later("名单叫什么", "Name of the sheet"),
        help_text=later("空着就用疫苗和日期", "Vaccine and day where left empty"),
    )
    names = forms.CharField(
        required=False,
        strip=False,
        label=later("名单，一行一人", "Names, one a line"),
        help_text=later(
            "姓名, 出生日期, 拼音；拼音可不写。可以从表格里复制粘贴",
            "Name, date of birth, name in Latin letters; the last may be left out. Copying from a spreadsheet works",
        ),
        widget=forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=later("或者选一个文件", "Or choose a file"),
        help_text=later(
            ".xlsx、CSV（UTF-8 或 GB18030）或 JSON Lines；文件里空着的，用上面共用的；最大 2 MB",
            ".xlsx, CSV (UTF-8 or GB18030) or JSON Lines; what it leaves empty is taken from above; 2 MB at most",
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.jsonl,text/csv"}),
    )
    rows = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(tuple(one for one in pack.columns if one.id not in WHO), *args, **kwargs)
        self.pack = pack
        self.read: Names | None = None

    def main(self) -> list[BoundField]:
        """Return what a session has always: what is required, batch and place."""
        return [self[one.id] for one in self.columns if one.required or one.id in _ALWAYS]

    def more(self) -> list[BoundField]:
        """Return what may be left out."""
        shown = [one.name for one in self.main()]
        return [self[one.id] for one in self.columns if one.id not in shown]

    def shared(self) -> dict[str, str]:
        """Return what was typed for all rows, without what is empty."""
        return {name: text for name, text in self.cells().items() if text.strip()}

    def again(self) -> list[tuple[str, str]]:
        """Return what has to be sent again to open the very sheet that was read."""
        assert self.read is not None
        pairs = [pair for pair in self.pairs() if pair[0] not in ("names", "file", "rows")]
        if self.from_names():
            return [*pairs, ("names", self.cleaned_data["names"])]
        return [*pairs, ("rows", self.read.packed())]

    def from_names(self) -> bool:
        """Tell whether the names were pasted; a file that comes along is the newer word."""
        return not self.files.get("file") and bool(str(self["names"].data or "").strip())

    def headed(self, today: date) -> str:
        """Return the sheet's name: as typed, or vaccine and day."""
        if typed := str(self.cleaned_data.get("title", "")).strip():
            return typed
        column = self.pack.column(self.pack.choice)
        chosen = read_cell(column, self.cells()[column.id], today=today)
        words = chosen.words if isinstance(chosen, Choice) else self.pack.short
        return f"{said(words)} · {self.cells().get('date') or today.isoformat()}"[:80]

    def clean(self) -> dict[str, Any]:
        for column in self.columns:
            value = read_cell(column, self.cells()[column.id], today=self.today)
            # A file may bring what all rows of a session would share; pasted names cannot.
            if isinstance(value, Fault) and (value.code != "missing" or self.from_names()):
                self.blame(value)
        if not self.errors:
            self._read()
        return self.cleaned_data

    def _read(self) -> None:
        place = "names" if self.from_names() else "file"
        try:
            self.read = self._names(self.shared())
        except RefusalError as error:
            words: Any = _list_words(error.refusal)
            self.add_error(place, ValidationError(words, code=error.refusal.code))
            return
        if not self.read.rows:
            nothing: Any = _NONE_LEFT if self.read.faults else _NO_NAMES
            self.add_error(place, ValidationError(nothing, code="missing"))

    def _names(self, shared: Mapping[str, str]) -> Names:
        if self.from_names():
            data, before = pasted(self.cleaned_data["names"], self.pack)
            return read_names(data, self.pack, shared, today=self.today, before=before)
        upload = self.files.get("file")
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > MOST_BYTES:
                raise RefusalError("too-big", "list")
            data = upload.read()
        else:
            data = self.cleaned_data["rows"].encode()
        if not data.strip():
            return Names((), ())
        return read_names(data, self.pack, shared, today=self.today, before=())


def _list_words(refusal: Refusal) -> Words:
    if refusal.code == "too-big":
        return _TOO_BIG
    words = refusal_words(refusal.code, refusal.detail)
    return Words(f"{words.zh}（{refusal.detail}）", f"{words.en} ({refusal.detail})")
