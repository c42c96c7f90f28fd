"""`huxin keys`: make, import and show signing keys.  Backups stand in `key_backup`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click
from rich.table import Table
from rich.text import Text

from huxin.adapters import clock, intake, key_file, trust_file
from huxin.adapters.key_description import KeyDescription, public_jwk
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.key_backup import export, restore
from huxin.cli.options import (
    EXISTING_FILE,
    NEW_FILE,
    ask_passphrase,
    environment_option,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.cli.speech import Speech
from huxin.kernel.crypto import PrivateKey, read_certificate, self_signed
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import kid_text
from huxin.trust.anchors import DOMAINS, Domain
from huxin.trust.credentials.facts import KINDS

__all__ = ["keys"]

_Command = TypeVar("_Command", bound=Callable[..., Any])

_TWO_YEARS: Final = timedelta(days=730)
_MAX_MATERIAL: Final = 65_536
_SERIAL_BITS: Final = 159  # RFC 5280, 4.1.2.2: positive, and at most 20 bytes
_EPILOG: Final = """\b
Examples 例:
  huxin keys new qv.key --region QV --environment test
  huxin keys show qv.key --trust > qv.trust.json
  huxin keys export qv.key --sheet qv-sheet.html
  huxin keys restore qv-sheet.txt --drill --key qv.key
"""
_NEW_EPILOG: Final = """\b
Examples 例:
  huxin keys new qv.key --region QV
  huxin keys new qv-vaccination.key --region QV --domain huxin --domain icvp --usage vaccination
  huxin keys new qv-cards.key --region QV --domain shc --address https://cards.example.org/qv
"""
_IMPORT_EPILOG: Final = """\b
Examples 例:
  huxin keys import private.pem qv.key --region QV
  huxin keys import private.pem qv.key --region QV --domain dcc --certificate signer.pem
"""
_SHOW_EPILOG: Final = """\b
Examples 例:
  huxin keys show qv.key
  huxin keys show qv.key qw.key --trust > regions.json
  huxin keys show qv-cards.key --jwks > jwks.json
"""


@click.group(epilog=_EPILOG, short_help="Make, show and back up signing keys. 密钥")
def keys() -> None:
    """Make, import, show, back up and restore signing keys.

    签名密钥：生成、导入、查看、备份、恢复。
    """


for _command in (export, restore):
    keys.add_command(_command)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a key is to be for, as the options say it."""

    region: str
    environment: str
    domain: tuple[str, ...]
    usage: tuple[str, ...]
    valid_until: datetime | None
    address: str | None
    as_json: bool

    def describe(
        self, key: PrivateKey, *, now: datetime, certificate: bytes | None = None
    ) -> KeyDescription:
        start = now.replace(second=0, microsecond=0)
        end = self.valid_until or start + _TWO_YEARS
        domains = self.domain or (("huxin",) if self.address is None else ("huxin", "shc"))
        return KeyDescription(
            region=self.region,
            environment=self.environment,
            domains=cast("tuple[Domain, ...]", tuple(dict.fromkeys(domains))),
            usage=frozenset(self.usage) if self.usage else None,
            valid_from=start,
            valid_until=end.replace(microsecond=0),
            public=key.public,
            certificate=certificate,
            health_card_issuer=self.address,
        )


def _wish_options(command: _Command) -> _Command:
    """Add what `new` and `import` ask alike."""
    for option in (
        language_option,
        json_option,
        passphrase_option,
        click.option("--address", help="https address of the region's health card keys (for shc)."),
        click.option(
            "--valid-until",
            type=Instant(),
            help="Until when verifiers believe the key; at most, and unless said, two years.",
        ),
        click.option(
            "--usage",
            type=click.Choice(KINDS),
            multiple=True,
            help="Kind of event that it may sign; may be given several times (default: all).",
        ),
        click.option(
            "--domain",
            type=click.Choice(DOMAINS),
            multiple=True,
            help="Family of cards that it signs; may be given several times (default: huxin).",
        ),
        environment_option,
        click.option("--region", required=True, help="Region it speaks for, such as QV."),
    ):
        command = option(command)
    return command


@keys.command(epilog=_NEW_EPILOG, short_help="Make a new key. 生成")
@click.argument("file", type=NEW_FILE)
@click.option("--self-signed", "certified", is_flag=True, help="Put a certificate around it.")
@_wish_options
def new(file: Path, certified: bool, passphrase_file: Path | None, **wish: Any) -> None:
    """Make a new signing key, locked with a passphrase, in a new FILE.

    生成新的签名密钥，用口令锁好，写入新文件 FILE。
    """
    key, asked, now = PrivateKey.generate(), _Wish(**wish), clock.now()
    description = asked.describe(key, now=now)
    if certified:
        certificate = self_signed(
            key,
            name=f"Huxin {description.region}",
            serial=secrets.randbits(_SERIAL_BITS) | 1,
            not_before=description.valid_from,
            not_after=description.valid_until,
        )
        description = asked.describe(key, now=now, certificate=certificate)
    _keep(file, description, key, passphrase_file)
    _tell("key-made", file, description, as_json=asked.as_json)


@keys.command("import", epilog=_IMPORT_EPILOG, short_help="Lock an existing key. 导入")
@click.argument("pem", type=EXISTING_FILE)
@click.argument("file", type=NEW_FILE)
@click.option("--certificate", type=EXISTING_FILE, help="Its certificate, PEM or DER.")
@_wish_options
def import_(
    pem: Path, file: Path, certificate: Path | None, passphrase_file: Path | None, **wish: Any
) -> None:
    """Lock an existing private key (PKCS #8, PEM or DER) into a new key FILE.

    把已有的私钥（PKCS #8，PEM 或 DER）锁进新的密钥文件 FILE。
    """
    asked = _Wish(**wish)
    try:
        key = PrivateKey.from_pkcs8(intake.read(pem, limit=_MAX_MATERIAL))
        lent = None
        if certificate is not None:
            lent = read_certificate(intake.read(certificate, limit=_MAX_MATERIAL)).der
    except UnusableKeyError as error:
        raise RefusalError("key-file", str(error)) from error
    description = asked.describe(key, now=clock.now(), certificate=lent)
    _keep(file, description, key, passphrase_file)
    _tell("key-imported", file, description, as_json=asked.as_json)
    if not asked.as_json:
        click.echo(f"! {speech.current().say('delete-pem')}")


def _keep(
    file: Path, description: KeyDescription, key: PrivateKey, passphrase_file: Path | None
) -> None:
    if file.exists():  # say so before a passphrase is thought of and typed twice
        raise RefusalError("exists", file.name)
    passphrase = ask_passphrase("ask-new-passphrase", passphrase_file, new=True)
    key_file.write(file, description, key, passphrase)


def _tell(message: str, file: Path, description: KeyDescription, *, as_json: bool) -> None:
    words = speech.current()
    if as_json:
        speech.print_json(_data(file, description))
        return
    console = speech.console()
    console.print(Text(f"✓ {words.say(message, file=file.name)}", "bold"))
    console.print(_table(file, description, words))
    for hint in ("back-up-now", "hand-to-others"):
        click.echo(f"→ {words.say(hint, file=file.name)}")  # unfolded, to be copied


# ------------------------------------------------------------------------------------------- show


@keys.command(epilog=_SHOW_EPILOG, short_help="Show the public side of keys. 查看")
@click.argument("files", nargs=-1, required=True, type=EXISTING_FILE, metavar="FILE...")
@click.option("--trust", "as_trust", is_flag=True, help="Print a trust file to hand to others.")
@click.option("--jwks", "as_jwks", is_flag=True, help="Print a JWK set, as health cards need it.")
@json_option
@language_option
def show(files: tuple[Path, ...], as_trust: bool, as_jwks: bool, as_json: bool) -> None:
    """Show what everyone may know of keys. No passphrase is needed, nothing secret is shown.

    查看密钥的公开内容，不需要口令，也不显示秘密。
    """
    if as_trust + as_jwks + as_json > 1:
        raise click.UsageError("One of --trust, --jwks and --json at a time.")
    found = [(path, key_file.read(path).description) for path in files]
    words, console = speech.current(), speech.console()
    if as_trust:
        click.echo(trust_file.write(trust_file.entry_of(one) for _, one in found), nl=False)
    elif as_jwks:
        speech.print_json({"keys": [_public_member(one) for _, one in found]})
    elif as_json:
        speech.print_json([_data(path, one) for path, one in found])
    else:
        for path, one in found:
            console.print(_table(path, one, words))


def _public_member(key: KeyDescription) -> dict[str, str]:
    return {
        **public_jwk(key.public),
        "kid": key.health_card_kid,
        "use": "sig",
        "alg": key.public.algorithm,
    }


def _data(path: Path, key: KeyDescription) -> dict[str, Any]:
    return {
        "file": path.name,
        "kid": kid_text(key.kid),
        "health_card_kid": key.health_card_kid,
        "health_card_issuer": key.health_card_issuer,
        "algorithm": key.public.algorithm,
        **{name: value for name, value in trust_file.entry_of(key).items() if name != "issuer"},
    }


def _table(path: Path, key: KeyDescription, words: Speech) -> Table:
    environment = "test-environment" if key.environment == "test" else "production"
    usage = [words.say(kind) for kind in sorted(key.usage or ())] or [words.say("any-kind")]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, value in (
        ("file", path.name),
        ("region", key.region),
        ("environment", words.say(environment)),
        ("domains", ", ".join(key.domains)),
        ("usage", ", ".join(usage)),
        ("signs-until", words.time(key.issues_until)),
        ("verifies-until", words.time(key.valid_until)),
        ("algorithm", key.public.algorithm),
        ("kid", kid_text(key.kid)),
        ("certificate", words.say("no" if key.certificate is None else "yes")),
        ("health-card-issuer", key.health_card_issuer or ""),
        ("health-card-kid", key.health_card_kid if "shc" in key.domains else ""),
    ):
        if value:
            table.add_row(f"  {words.say(label)}", Text(speech.harmless(value)))
    return table
