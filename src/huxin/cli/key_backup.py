"""`huxin keys export` and `restore`: backups of a signing key, and the proof that they work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import intake, key_file, output, recovery, recovery_lines
from huxin.adapters.key_file import KeyFile
from huxin.adapters.recovery import Backup
from huxin.cli import recovery_sheet, speech
from huxin.cli.options import (
    EXISTING_FILE,
    NEW_FILE,
    ask_passphrase,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text

__all__ = ["export", "restore"]

_FAILED: Final = 1
_MAX_BACKUP: Final = 20_000_000  # it may be a photograph of the sheet
_EXPORT_EPILOG: Final = """\b
Examples 例:
  huxin keys export qv.key --to qv-backup.key
  huxin keys export qv.key --sheet qv-sheet.html
"""
_RESTORE_EPILOG: Final = """\b
Examples 例:
  huxin keys restore qv-backup.key --drill --key qv.key
  huxin keys restore qv-sheet.png --to qv.key
  huxin keys restore --to qv.key                  (type the lines of the sheet 逐行输入)
"""

_backup_passphrase = click.option(
    "--backup-passphrase-file",
    type=EXISTING_FILE,
    help="File whose first line is the passphrase of the backup; else it is asked for.",
)


@click.command(epilog=_EXPORT_EPILOG, short_help="Back a key up. 备份")
@click.argument("key", type=EXISTING_FILE)
@click.option("--to", type=NEW_FILE, help="Write a locked copy of the key file here.")
@click.option(
    "--sheet", type=NEW_FILE, help="Write a recovery sheet to print: .html, or .txt for plain text."
)
@passphrase_option
@_backup_passphrase
@language_option
def export(
    key: Path,
    to: Path | None,
    sheet: Path | None,
    passphrase_file: Path | None,
    backup_passphrase_file: Path | None,
) -> None:
    """Back up a KEY, locked with a passphrase of the backup's own.

    备份密钥 KEY：加密文件，或可打印的恢复页；备份另设口令。
    """
    if to is None and sheet is None:
        raise click.UsageError("Where to? Give --to FILE, --sheet FILE, or both.")
    for file in filter(None, (to, sheet)):
        if file.exists():
            raise RefusalError("exists", file.name)
    found = key_file.read(key)
    secret = found.private_key(ask_passphrase("ask-passphrase", passphrase_file))
    lock = ask_passphrase("ask-new-backup-passphrase", backup_passphrase_file, new=True)
    words = speech.current()
    if to is not None:
        key_file.write(to, found.description, secret, lock)
        click.echo(f"✓ {words.say('exported', file=to.name)}")
    if sheet is not None:
        _write_sheet(sheet, found, secret, lock)
        click.echo(f"✓ {words.say('sheet-written', file=sheet.name)}")


def _write_sheet(path: Path, found: KeyFile, secret: PrivateKey, lock: str) -> None:
    lines = recovery.sheet(found.description, secret, lock)
    copy = key_file.lock(found.description, secret, lock)
    page = recovery_sheet.page(
        found.description, lines, copy, html=path.suffix in (".html", ".htm")
    )
    output.write_new(path, page.encode("utf-8"), private=True)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the person asked `restore` for."""

    to: Path | None
    drill: bool
    key: Path | None
    certificate: Path | None
    passphrase_file: Path | None
    backup_passphrase_file: Path | None
    as_json: bool

    def check(self) -> None:
        if self.drill == (self.to is not None):
            raise click.UsageError("Either --to FILE, or --drill --key FILE.")
        if self.drill and self.key is None:
            raise click.UsageError("A drill compares with a key: give --key FILE.")
        if self.to is not None and self.to.exists():
            raise RefusalError("exists", self.to.name)


@click.command(epilog=_RESTORE_EPILOG, short_help="Restore a key, or rehearse it. 恢复与演练")
@click.argument("backup", type=EXISTING_FILE, required=False)
@click.option("--to", type=NEW_FILE, help="Write the restored key file here.")
@click.option("--drill", is_flag=True, help="Only prove that the backup works; writes nothing.")
@click.option("--key", type=EXISTING_FILE, help="The key file that a drill compares with.")
@click.option(
    "--certificate",
    type=EXISTING_FILE,
    help="The key's certificate, or a trust file with it; needed where lines were typed.",
)
@passphrase_option
@_backup_passphrase
@json_option
@language_option
def restore(backup: Path | None, **asked: Any) -> None:
    """Restore a key from a BACKUP: an export, a typed sheet, or a picture of the sheet's code.

    Without BACKUP the lines of the sheet are asked for, one by one.

    从备份恢复密钥：加密文件、输入的恢复页，或恢复页二维码的照片。
    """
    wish = _Wish(**asked)
    wish.check()
    words = speech.current()
    found = _typed() if backup is None else recovery.parse(intake.read(backup, limit=_MAX_BACKUP))
    environment = "test-environment" if found.environment == "test" else "production"
    told = words.say(
        "of-key",
        region=speech.harmless(found.region),
        environment=words.say(environment),
        kid=kid_text(found.kid),
    )
    click.echo(told, err=True)
    if wish.to is not None:
        _write_restored(wish.to, found, wish)
    elif wish.key is not None:
        _drill(wish.key, found, wish)


def _write_restored(to: Path, found: Backup, wish: _Wish) -> None:
    lent = None if wish.certificate is None else intake.read(wish.certificate, limit=_MAX_BACKUP)
    opened = ask_passphrase("ask-backup-passphrase", wish.backup_passphrase_file)
    description, key = found.restore(opened, lent)
    key_file.write(
        to, description, key, ask_passphrase("ask-new-passphrase", wish.passphrase_file, new=True)
    )
    if wish.as_json:
        speech.print_json({"restored": to.name, "kid": kid_text(description.kid)})
        return
    click.echo(f"✓ {speech.current().say('restored', file=to.name)}")


def _drill(key: Path, found: Backup, wish: _Wish) -> None:
    """Restore into memory, sign something, and let the public key of the key file judge."""
    ours = key_file.read(key).description
    opened = ask_passphrase("ask-backup-passphrase", wish.backup_passphrase_file)
    held = found.kid == ours.kid
    if held:
        _, restored = found.restore(opened, ours.certificate)
        held = recovery.rehearse(restored, ours.public)
    if wish.as_json:
        speech.print_json({"works": held, "kid": kid_text(found.kid)})
    else:
        symbol, word = ("✓", "drill-held") if held else ("✕", "drill-failed")
        click.echo(f"{symbol} {speech.current().say(word, file=key.name)}")
    if not held:
        click.get_current_context().exit(_FAILED)


def _typed() -> Backup:
    """Ask for the lines of a sheet; each is judged as it comes, while the finger is still on it."""
    words = speech.current()
    click.echo(words.say("type-lines"), err=True)
    pieces: dict[int, bytes] = {}
    needed = 1
    while len(pieces) < needed:
        number = len(pieces) + 1
        typed = click.prompt(words.say("ask-line", number=number), err=True)
        try:
            pieces[number] = recovery_lines.bytes_of_line(number, typed)
        except RefusalError as error:
            click.echo(f"✕ {error.refusal.detail}", err=True)
            continue
        needed = recovery_lines.lines_needed(pieces[1])
    return recovery.open_sheet(recovery_lines.join(pieces))
