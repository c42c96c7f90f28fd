"""`huxin story`: the whole story in a terminal, with invented people, in under a minute.

Two regions that trust each other's keys and share no server: what one issues, the other reads from
paper.  Then what does not pass, and why.  Everything is made on the spot and kept in a new folder.

Each answer is computed by the program as it is at a real gate; the story only knows which answer it
is about to show, and stops with an error when it gets another.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
from rich.panel import Panel
from rich.text import Text

from huxin.adapters import clock, intake
from huxin.cli import speech
from huxin.cli.answer import SYMBOLS
from huxin.cli.speech import Speech, harmless
from huxin.cli.story_world import PASSPHRASE, REGIONS, Issued, World
from huxin.kernel.errors import HuxinError, RefusalError
from huxin.trust.verdict import Verdict

__all__ = ["story"]

_BOTH: Final = (Speech("zh"), Speech("en"))
_LATER: Final = timedelta(days=550)  # past the year of a card, within the two years of its key
_STYLES: Final = {"accepted": "bold", "rejected": "bold red", "cross-check": "bold yellow"}
_EPILOG: Final = """\b
Examples 例:
  huxin story
  huxin story --out my-story
"""


@click.command(epilog=_EPILOG, short_help="The whole story in the terminal. 终端里的故事")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="New folder for everything that is made (default: story-DATE-TIME).",
)
def story(out: Path | None) -> None:
    """Tell the whole story with invented people: issue, print, read back, and what does not pass.

    用虚构的人物走一遍：签发、打印、在另一个区域读回，以及哪些通不过、为什么。
    """
    now = clock.now()
    _Story(World(_new_folder(out, now), now, secrets.token_bytes)).tell()


def _new_folder(out: Path | None, now: datetime) -> Path:
    """Make a folder that was not there: the story never touches what is somebody's."""
    name = f"story-{now.astimezone():%Y%m%d-%H%M}"
    candidates = [out] if out else [Path(name), *(Path(f"{name}-{n}") for n in range(2, 100))]
    for folder in candidates:
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RefusalError("bad-input", f"{folder}: {intake.reason(error)}") from error
        return folder
    raise RefusalError("exists", str(candidates[-1]))


class _Story:
    """The story, chapter by chapter; each says in both languages what it does."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._console = speech.console()
        self._chapters = 0
        self._picture = "pdf" if world.on_paper else "png"

    def tell(self) -> None:
        title = (
            "互信 Huxin\n"
            "人物、区域、号码都是虚构的，密钥是当场做的测试密钥。\n"
            "People, regions and numbers are invented; the keys are test keys, made on the spot."
        )
        self._console.print(Panel(Text(title), expand=False))
        trust = self._regions()
        school = self._issue("QW", "school-entry", "gb18030")
        work = self._issue("QV", "occupational-health", "utf-8-sig")
        travel = self._issue("QW", "icvp", "utf-8")
        page = self._world.print_page(school, "QW") if self._world.on_paper else None
        self._read_back(trust, (school, work, travel), page)
        unknown = self._world.issue("QX", "occupational-health", encoding="utf-8")
        self._what_does_not_pass(trust, school, work, unknown)
        self._end(trust, school, work, page)

    def _regions(self) -> dict[str, Path]:
        self._begin(
            "三个区域各有一把密钥，没有共用的服务器",
            "Three regions, a key each, and no server in common",
        )
        for code in REGIONS:
            self._world.make_key(code)
        trust = {code: self._world.write_trust(code, ("QV", "QW")) for code in ("QV", "QW")}
        for code in trust:
            self._line(f"{_called(code)} 相信 believes: {_called('QV')}, {_called('QW')}")
        self._line(f"{_called('QX')} 不在清单里 is on neither list")
        return trust

    def _issue(self, region: str, pack: str, encoding: str) -> Issued:
        issued = self._world.issue(region, pack, encoding=encoding)
        words = issued.cards[0][1].entry.pack.name
        self._begin(f"{_called(region)} 签发：{words.zh}", f"{_called(region)} issues: {words.en}")
        names = "、".join(card.facts.person.name.shown for _, card in issued.cards)
        self._line(f"{issued.list_file.name} ({encoding}) → {len(issued.cards)} 张 cards: {names}")
        return issued

    def _read_back(
        self, trust: dict[str, Path], issued: tuple[Issued, Issued, Issued], page: Path | None
    ) -> None:
        school, work, travel = issued
        self._begin(
            "另一个区域从图片和纸面读回，不用联网",
            "The other region reads them back from picture and paper, without a network",
        )
        self._check("QV", school.file(0, self._picture), trust["QV"], "ok")
        self._check("QV", school.file(2, "png"), trust["QV"], "ok")
        self._check("QV", travel.file(0, self._picture), trust["QV"], "ok")
        self._check("QW", work.file(0, self._picture), trust["QW"], "ok")
        if page is not None:
            self._check("QV", page, trust["QV"], "ok")

    def _what_does_not_pass(
        self, trust: dict[str, Path], school: Issued, work: Issued, unknown: Issued
    ) -> None:
        self._begin("哪些通不过，为什么", "What does not pass, and why")
        self._note(
            "出生年改了一个数字，重新画成码", "One digit of the birth year changed, drawn anew"
        )
        self._check("QV", self._world.change(school, 0), trust["QV"], "signature")
        later = self._world.now + _LATER
        self._note(
            f"同一张卡，时钟拨到 {later:%Y-%m-%d}（讲故事才这样做）",
            f"The same card, the clock set to {later:%Y-%m-%d} (in this story only)",
        )
        self._check("QW", work.file(0, self._picture), trust["QW"], "expired", at=later)
        self._note(
            "签发方不在清单里：不怪此人，再看一项", "An issuer on no list: not the person's fault"
        )
        self._check("QV", unknown.file(0, self._picture), trust["QV"], "untrusted")
        self._note("样张拿到真的门口", "A specimen at a door that is in earnest")
        self._check(
            "QV", school.file(0, "png"), trust["QV"], "environment", environment="production"
        )

    def _end(self, trust: dict[str, Path], school: Issued, work: Issued, page: Path | None) -> None:
        self._begin("请打开这些文件看看", "Now open these files")
        shown = (
            (school.file(0, self._picture), "林㑇的证页，对折", "the sheet of 林㑇, to be folded"),
            (page, "十张卡，沿角线裁开", "ten cards, to be cut along the marks"),
            (work.file(0, self._picture), "健康证：没有病名", "work class and end, no disease"),
            (school.file(0, "png"), "手机上的码", "the code for a phone"),
            (self._world.folder / "changed.png", "被改过的", "the changed one"),
            (school.list_file, "名单，GB18030 编码的 CSV", "the list, CSV in GB18030"),
            (school.folder / "manifest.jsonl", "结果文件", "the receipt"),
        )
        for path, zh, en in shown:
            if path is not None:
                self._line(f"{path}\n      {zh} · {en}")
        command = f"huxin verify {school.file(0, 'png')} --trust {trust['QV']} --environment test"
        self._note("自己查验一次", "Verify one yourself")
        self._line(command)
        self._line(f"密钥口令 passphrase of the demo keys: {PASSPHRASE}")

    # ------------------------------------------------------------------------------ what is shown

    def _begin(self, zh: str, en: str) -> None:
        self._chapters += 1
        self._console.print()
        self._console.print(Text(f"{self._chapters}  {zh}", style="bold"))
        self._console.print(Text(f"   {en}"))

    def _line(self, text: str) -> None:
        # Paths stay whole, so that they can be copied.
        self._console.print(Text(f"   {_harmless(text)}"), soft_wrap=True)

    def _note(self, zh: str, en: str) -> None:
        self._console.print()
        self._console.print(Text(f"   {zh}\n   {en}"))

    def _check(
        self,
        checker: str,
        path: Path,
        trust: Path,
        expected: str,
        *,
        at: datetime | None = None,
        environment: str = "test",
    ) -> None:
        verdicts = self._world.check(path, trust, at=at, environment=environment)
        codes = {verdict.code for verdict in verdicts}
        if codes != {expected}:
            raise HuxinError(f"{path.name}: expected {expected}, got {', '.join(sorted(codes))}")
        self._line(f"{_called(checker)} 查验 checks {path.relative_to(self._world.folder)}")
        for verdict in verdicts:
            self._console.print(_answer(verdict), soft_wrap=True)
        if expected != "ok":
            for words in _BOTH:
                self._line(f"        {words.sentence(expected)}")


def _harmless(text: str) -> str:
    """Return text with what would steer a terminal made visible, but for the ends of lines."""
    return "\n".join(map(harmless, text.split("\n")))


def _called(region: str) -> str:
    words = REGIONS[region].name
    return f"{words.zh} {words.en}" if words else region


def _answer(verdict: Verdict) -> Text:
    """Return name, year and answer in a line."""
    credential = verdict.cards[0].reading.credential
    assert credential is not None
    assert credential.facts is not None
    person = credential.facts.person
    year = str(person.birth.year) if person.birth else ""
    word = "genuine" if verdict.outcome == "accepted" else verdict.outcome
    said = " ".join(words.say(word) for words in _BOTH)
    region = verdict.anchor.region if verdict.anchor else None
    by = f" · {_called(region)}" if region in REGIONS else ""
    return Text.assemble(
        "      ",
        (f"{harmless(person.name.shown)}  {year}", "bold"),
        "   ",
        (f"{SYMBOLS[verdict.outcome]} {said}", _STYLES.get(verdict.outcome, "bold")),
        by,
    )
