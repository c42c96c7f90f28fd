"""What the commands of doors say: the verifier's folder, and the gate."""

from __future__ import annotations

from typing import Final

__all__ = ["DOOR_WORDS", "README"]

DOOR_WORDS: Final[dict[str, tuple[str, str]]] = {
    # huxin verifier folder
    "folder-made": ("文件夹 {name} 做好了", "The folder {name} is made"),
    "folder-list": ("清单", "List"),
    "folder-asks": ("可以问的用途", "Purposes"),
    "folder-asks-none": ("没有；只答真假", "none; it says whether a card is genuine"),
    "folder-root": ("首份根文件的指纹", "Fingerprint of the first root"),
    "folder-serve": (
        "打开：python3 -m http.server -d {name}，再用浏览器开 http://localhost:8000/",
        "Open it: python3 -m http.server -d {name}, then http://localhost:8000/ in a browser",
    ),
    # huxin gate
    "gate-ready": ("闸机就绪，请扫码", "The gate is ready; scan a code"),
    "gate-next-part": (
        "这张卡分成几个码，请扫下一个",
        "This card is in several codes; scan the next one",
    ),
    "gate-lane": ("请走人工通道", "Please use the staffed lane"),
    "gate-stuck": ("门没有打开", "The gate did not open"),
    "gate-counts": ("次数", "Counts"),
    "gate-opened": ("开门", "opened"),
    "gate-list": ("清单：{age}", "List: {age}"),
}  # fmt: skip

README: Final = """互信离线查验
============

这个文件夹就是查验页面。放到任何静态网站，或在这台电脑上打开：

    python3 -m http.server -d 这个文件夹
    浏览器打开 http://localhost:8000/

打开一次之后，拔掉网线也能用。手机要摄像头和离线，网址须是 https:// 或 localhost。
直接双击 index.html 打不开：浏览器不让本地文件这样做。

data/ 里是清单、规则和说明，都是公开的，没有任何人的内容。清单旧了，页面会说；换一份新的 data/list.bundle 即可。


The offline verifier of Huxin
=============================

This folder is the page itself.  Put it on any server of plain files, or open it on this computer:

    python3 -m http.server -d THIS-FOLDER
    then http://localhost:8000/ in a browser

After it was opened once it works with the cable out.  For camera and offline use on a phone the address has to be
https:// or localhost.  A double click on index.html does not work: browsers do not let local files do this.

In data/ are the list, the rules and their words; all of it is public, and about nobody.  When the list is old the page
says so; put a new data/list.bundle in its place.
"""
