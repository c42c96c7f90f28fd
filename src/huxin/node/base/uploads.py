"""Pictures that somebody uploads: one door for whichever page takes them.

    picture = uploads.picture(request.FILES["picture"])     refuses, or a picture of our own making

Nothing of the file is kept: neither its name nor its stated type, nor a byte of it (see
`adapters.pictures`).  No upload reaches a disk; a table that keeps a picture says so in `privacy`.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from huxin.adapters import pictures
from huxin.adapters.pictures import Picture
from huxin.kernel.errors import RefusalError
from huxin.packs.reader import Words
from huxin.spec import CODES

__all__ = ["ACCEPT", "Picture", "PictureField", "picture"]

ACCEPT: Final = ".png,.jpg,.jpeg,image/png,image/jpeg"
_WORDS: Final = {
    "too-big": Words(
        "图片太大：最大 10 MB，4000 万像素。请缩小再选。（代号 too-big）",
        "The picture is too large: at most 10 MB and 40 megapixels. Make it smaller. (code too-big)",
    ),
    "format": Words(
        "只收 PNG 和 JPEG 图片，而且里面不能藏别的东西。（代号 format）",
        "Only PNG and JPEG pictures are taken, with nothing else hidden inside. (code format)",
    ),
    "picture": Words(
        "这张图片打不开。请换一张。（代号 picture）",
        "This picture cannot be opened. Choose another one. (code picture)",
    ),
}  # fmt: skip


def picture(upload: UploadedFile) -> Picture:
    """Return an uploaded picture, written anew; refuses with `too-big`, `format` or `picture`."""
    if upload.size is None or upload.size > pictures.MAX_BYTES:
        raise RefusalError("too-big", "picture")
    return pictures.anew(upload.read())


class PictureField(forms.FileField):
    """A form's field for one picture; its value is a `Picture`, or nothing."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the picture written anew; what was refused is told at the field."""
        if not isinstance(data, UploadedFile):
            return super().clean(data, initial)
        try:
            return picture(data)
        except RefusalError as error:
            code = error.refusal.code
            usual = Words(CODES[code].text["zh"], CODES[code].text["en"])
            words: Any = _WORDS.get(code, usual)
            raise ValidationError(words, code=code) from error
