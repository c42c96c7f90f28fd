"""`huxin node`: make a node, bring its tables up to date, serve its pages, do its jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from huxin.cli import node_accounts, node_backup, node_condition, speech
from huxin.cli.options import EXISTING_FILE, ask_passphrase

__all__ = ["node"]

_FOLDER: Final = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_EPILOG: Final = """\b
Examples 例:
  huxin node init reed-isles --region QW --name 苇洲 --name-en "Reed Isles" --origin https://node.example.org
  huxin node migrate reed-isles
  huxin node serve reed-isles --port 8800
  huxin node work reed-isles
  huxin node organisation reed-isles 河埠头服务中心 --name-en "Wharf Centre"
  huxin node account reed-isles clerk-one --role clerk --organisation 河埠头服务中心
  huxin node doctor reed-isles
  huxin node backup reed-isles --to reed-isles.backup
  huxin node restore reed-isles.backup reed-isles
  huxin node adopt-status reed-isles 1.hxs
"""


@click.group(epilog=_EPILOG)
def node() -> None:
    """Run a region's node. 运行一个区域的节点。"""


@node.command()
@_FOLDER
@click.option("--region", required=True, help="The region's code, such as QW. 区域代码。")
@click.option("--name", required=True, help="Its name in Chinese. 中文名。")
@click.option("--name-en", required=True, help="Its name in English. 英文名。")
@click.option("--operator", help="Who runs the node, in Chinese. 运行单位。")
@click.option("--operator-en", help="Who runs the node, in English. 运行单位英文名。")
@click.option("--origin", required=True, help="The address people type. 访问地址。")
@click.option("--time-zone", default="Asia/Shanghai", show_default=True, help="时区。")
@click.option(
    "--environment", type=click.Choice(["production", "test"]), default="production",
    show_default=True, help="A test node makes specimens only. 测试节点只出样张。",
)  # fmt: skip
@click.option(
    "--passphrase-file", type=EXISTING_FILE, required=True,
    help="File whose first line is the passphrase of the signing key. 首行是签名密钥的口令。",
)  # fmt: skip
def init(folder: Path, passphrase_file: Path, **about: Any) -> None:
    """Make a new node in FOLDER: its secrets, a signing key, a trust file. No accounts, no people.

    新建节点：生成密钥和配置，不建账号，不放人物数据。
    """
    from huxin.node.project import operate

    about["operator"] = about["operator"] or about["name"]
    about["operator_en"] = about["operator_en"] or about["name_en"]
    passphrase = ask_passphrase("ask-new-passphrase", passphrase_file, new=True)
    operate.init(folder, about, passphrase=passphrase)
    console = speech.console()
    console.print(f"✓ 节点已建好 The node is made: {folder}")
    console.print(f"  → huxin node migrate {folder}")


@node.command()
@_FOLDER
def migrate(folder: Path) -> None:
    """Bring the tables up to date; safe to repeat. 更新数据表，可重复执行。"""
    from huxin.node.project import operate

    operate.migrate(folder)
    speech.console().print("✓ 数据表已是最新 The tables are up to date")


@node.command()
@_FOLDER
@click.option("--address", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", type=int, help="By default the port of the node's address. 端口。")
@click.option("--certificate", type=click.Path(exists=True, path_type=Path), help="PEM.")
@click.option("--certificate-key", type=click.Path(exists=True, path_type=Path), help="PEM.")
def serve(
    folder: Path,
    address: str,
    port: int | None,
    certificate: Path | None,
    certificate_key: Path | None,
) -> None:
    """Serve the node's pages until Ctrl-C. 提供网页服务，Ctrl-C 结束。"""
    if (certificate is None) != (certificate_key is None):
        raise click.UsageError(
            "--certificate 和 --certificate-key 要一起给 --certificate and --certificate-key go together"
        )
    from huxin.adapters import node_folder
    from huxin.node.project import operate

    origin = urlsplit(node_folder.read(folder).origin)
    tls = (certificate, certificate_key) if certificate and certificate_key else None
    operate.serve(folder, address=address, port=port or origin.port or 8800, tls=tls)


@node.command()
@_FOLDER
@click.option("--once", is_flag=True, help="Do what waits, then stop. 做完现有的就结束。")
def work(folder: Path, once: bool) -> None:
    """Do the jobs behind the pages: deliver events, seal the trail, clear what is past its time. 后台任务。"""
    from huxin.node.project import operate

    operate.work(folder, once=once)


for _command in (
    node_accounts.account,
    node_accounts.organisation,
    node_condition.doctor,
    node_condition.audit,
    node_backup.backup,
    node_backup.restore,
    node_backup.adopt_status,
):
    node.add_command(_command)
