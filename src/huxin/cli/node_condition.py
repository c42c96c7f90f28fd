"""`huxin node doctor` and `huxin node audit`: how the node is, and whether its trail holds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from huxin.cli import speech

__all__ = ["audit", "doctor"]

_FOLDER: Final = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_SIGNS: Final = {"fine": "✓", "look": "!", "mend": "✕"}


@click.command()
@_FOLDER
@click.pass_context
def doctor(context: click.Context, folder: Path) -> None:
    """Look after the node in FOLDER: database, keys that end soon, audit trail, jobs, disk, backup.

    检查节点：数据库、快到期的密钥、审计记录、后台任务、磁盘、备份。
    """
    from huxin.node.project import operate

    console = speech.console()
    findings = operate.examine(folder)
    for one in findings:
        line = f"{_SIGNS[one.state]} {one.about.zh} {one.about.en}: {one.found.zh} · {one.found.en}"
        console.print(line, markup=False)
        if one.todo is not None:
            console.print(f"    → {one.todo.zh} · {one.todo.en}", markup=False)
    context.exit(1 if any(one.state == "mend" for one in findings) else 0)


@click.command()
@_FOLDER
@click.pass_context
def audit(context: click.Context, folder: Path) -> None:
    """Read the whole audit trail of the node in FOLDER and say whether it holds.

    核对全部审计记录。
    """
    from huxin.node.project import operate

    result = operate.verify_trail(folder)
    console = speech.console()
    if result.fault:
        console.print(
            f"✕ 第 {result.number} 条起对不上 Does not hold from entry {result.number} on:"
            f" {result.fault}"
        )
        context.exit(1)
    console.print(
        f"✓ 完整 It holds: {result.sealed} 条已封存 sealed, {result.waiting} 待封 waiting"
    )
