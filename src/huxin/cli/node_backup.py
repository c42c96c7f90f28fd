"""`huxin node backup` and `huxin node restore`: a node in one sealed file, and back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from huxin.cli import speech
from huxin.cli.options import EXISTING_FILE, NEW_FILE, ask_passphrase, language_option

__all__ = ["adopt_status", "backup", "restore"]

_FOLDER: Final = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_passphrase = click.option(
    "--passphrase-file", type=EXISTING_FILE,
    help="File whose first line is the passphrase of the backup; else it is asked for. 口令文件。",
)  # fmt: skip


@click.command()
@_FOLDER
@click.option("--to", type=NEW_FILE, required=True, help="The new file. 新文件。")
@_passphrase
@language_option
def backup(folder: Path, to: Path, passphrase_file: Path | None) -> None:
    """Back up the node in FOLDER, database and all, into one file sealed by a passphrase.

    The node may go on working meanwhile.  备份整个节点到一个加密文件；节点不用停。
    """
    from huxin.kernel.errors import RefusalError
    from huxin.node.project import backup as project

    if to.exists():  # say so before a passphrase is thought of and typed twice
        raise RefusalError("exists", to.name)
    passphrase = ask_passphrase("ask-new-backup-passphrase", passphrase_file, new=True)
    with _bar() as tell:
        made = project.make(folder, to, passphrase=passphrase, tell=tell)
    speech.console().print(
        f"✓ 已备份 Backed up: {made.rows} 行 rows, {made.files} 个文件 files → {to.name}"
    )
    if not made.noted:
        speech.console(errors=True).print(
            "! 备份是完整的，但节点里没记下来；自检会说没有备份过。"
            " The backup is whole, but the node could not note it; its doctor does not know of it."
        )


@click.command()
@click.argument("file", type=EXISTING_FILE)
@_FOLDER
@_passphrase
@language_option
@click.pass_context
def restore(context: click.Context, file: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Restore a node from the backup FILE into the new FOLDER and an empty database.

    The database is SQLite in the folder, or what DATABASE_URL names, whichever it was before.
    从备份恢复节点：新文件夹、空数据库；SQLite 和 PostgreSQL 可互换。
    """
    from huxin.kernel.errors import RefusalError
    from huxin.node.project import restore as project

    if folder.exists():
        raise RefusalError("exists", folder.name)
    head = project.read_head(file)
    made = speech.current().time(head.made_at)
    console = speech.console()
    console.print(speech.harmless(f"备份 Backup: {head.region} · {made} · huxin {head.program}"))
    passphrase = ask_passphrase("ask-backup-passphrase", passphrase_file)
    with _bar() as tell:
        restored = project.restore(file, folder, passphrase=passphrase, tell=tell)
    console.print(f"✓ 已恢复 Restored: {restored.rows} 行 rows → {folder.name}")
    trail = restored.trail
    if trail.fault:
        console.print(
            f"✕ 审计记录第 {trail.number} 条起对不上"
            f" The audit trail does not hold from entry {trail.number} on: {trail.fault}"
        )
        context.exit(1)
    console.print(
        f"✓ 审计记录完整 The audit trail holds: {trail.sealed} 条已封存 sealed,"
        f" {trail.waiting} 待封 waiting"
    )


@click.command("adopt-status")
@_FOLDER
@click.argument("file", type=EXISTING_FILE, metavar="SET")
@language_option
def adopt_status(folder: Path, file: Path) -> None:
    """Have the node in FOLDER go on from SET, a status set of its own that others hold, after it was restored.

    恢复备份之后，让节点接着外面已有的、自己签过的状态集合往下发。
    """
    from huxin.adapters import intake, status_files
    from huxin.kernel.errors import RefusalError
    from huxin.node.project import operate

    data = intake.read(file, limit=status_files.MOST_TOTAL)
    try:
        number, version = operate.adopt_status(folder, data)
    except RefusalError as error:
        if error.refusal.code in ("database", "key-file", "trust-file", "exists"):
            raise
        raise status_files.SetFileError(
            file.name, error.refusal.code, error.refusal.detail
        ) from error
    speech.console().print(
        f"✓ 第 {number} 份清单接着第 {version} 版 List {number} goes on from version {version}"
    )


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Show how far it is, on a terminal only and beside the output, not in it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = speech.console(errors=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("行 rows", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
