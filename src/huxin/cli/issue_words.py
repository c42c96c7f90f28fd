"""What `huxin issue` says, in Chinese and in English, side by side."""

from __future__ import annotations

from typing import Final

from huxin.cli import speech

__all__ = ["say"]

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "issuing": ("签发", "Issuing"),
    "printing": ("排版", "Printing"),
    "line": ("行", "Line"),
    "field": ("栏", "Column"),
    "what": ("问题", "What is wrong"),
    "hint": ("应填", "What is right"),
    "whole-row": ("（整行）", "(whole row)"),
    "issued": ("签发了 {issued} 张，共 {lines} 行。", "Issued {issued} of {lines} rows."),
    "resumed": (
        "其中 {resumed} 张是上次做好的。",
        "Of these, {resumed} were made by an earlier run.",
    ),
    "refused": ("{refused} 行没有签发：", "{refused} rows were not issued:"),
    "more": ("……还有 {more} 处，见 {file}", "… {more} more, see {file}"),
    "more-only": ("……还有 {more} 处", "… {more} more"),
    "folder": ("文件夹：{folder}", "Folder: {folder}"),
    "one-pdf": ("打印文件：{file}（按 100% 打印）", "To print: {file} (print at 100 %)"),
    "faults-file": ("逐条问题：{file}", "All faults: {file}"),
    "specimen": (
        "测试密钥：每张卡都写着 SPECIMEN 样张，不能当真。",
        "A test key: every card says SPECIMEN 样张 and is worth nothing.",
    ),
    "old-key": (
        "这把密钥该换了：签发期到 {until} 为止。",
        "Time for a new key: this one was to sign until {until}.",
    ),
    "no-paper": (
        "没有安装 huxin[paper]：只写文本和图片，不写 PDF。",
        "huxin[paper] is not installed: texts and pictures only, no PDF.",
    ),
    "as-at": ("按 {at} 签发，不是现在。", "Issued as at {at}, not now."),
    "preview": ("预览，没有签任何卡。", "Preview: nothing was signed."),
    "would-issue": (
        "可以签发 {issued} 张，共 {lines} 行。",
        "{issued} of {lines} rows can be issued.",
    ),
    "name": ("姓名", "Name"),
    "birth": ("出生", "Born"),
    "date": ("日期", "Date"),
    "about": ("内容", "About"),
}


def say(key: str, **values: object) -> str:
    """Return the words under `key` in the language of this call, with values put in."""
    language = speech.current().language
    return _WORDS[key][speech.LANGUAGES.index(language)].format(**values)
