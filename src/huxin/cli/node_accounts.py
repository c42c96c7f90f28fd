"""`huxin node account` and `huxin node organisation`: who works here, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from huxin.cli import speech

__all__ = ["account", "organisation"]

_FOLDER: Final = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_ROLES: Final = (
    "clerk", "clinician", "pharmacist", "checker", "epidemiologist", "rule-officer", "delegate",
    "auditor", "operator",
)  # fmt: skip


@click.command()
@_FOLDER
@click.argument("name")
@click.option("--name-en", required=True, help="Its name in English. 英文名。")
@click.option("--hours", default="", help="When it is open. 开放时间。")
def organisation(folder: Path, name: str, name_en: str, hours: str) -> None:
    """Add the clinic, desk or gate NAME to the node in FOLDER. 添加机构。"""
    from huxin.node.project import staffing

    staffing.add_organisation(folder, name, name_en, hours)
    speech.console().print(f"✓ 已添加机构 Added: {name} {name_en}", markup=False)


@click.command()
@_FOLDER
@click.argument("username")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES),
    help="May be given several times. 角色，可重复。",
)  # fmt: skip
@click.option("--organisation", "place", required=True, help="Where they work, by its name. 机构。")
@click.option("--shown", default="", help="The name that colleagues see. 显示名。")
def account(folder: Path, username: str, roles: tuple[str, ...], place: str, shown: str) -> None:
    """Make the account USERNAME for somebody of the staff, and print its first password.

    建工作账号，并显示一次初始口令。
    """
    from huxin.node.project import staffing

    password = staffing.add_account(folder, username, roles, place=place, shown=shown)
    console = speech.console()
    console.print(f"✓ 账号 Account: {username}", markup=False)
    console.print(
        f"  初始口令，只显示这一次 First password, shown this once: {password}", markup=False
    )
