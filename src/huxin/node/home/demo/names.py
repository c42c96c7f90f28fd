"""Names of nobody, put together from two short lists; the same for each new demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = ["invented", "newcomers"]

_FAMILY: Final = (
    ("芦", "LU"), ("汀", "TING"), ("桨", "JIANG"), ("渔", "YU"), ("桥", "QIAO"), ("荷", "HE"),
    ("舟", "ZHOU"), ("棹", "ZHAO"),
)  # fmt: skip
_GIVEN: Final = (
    ("听雨", "TINGYU"), ("望潮", "WANGCHAO"), ("晚灯", "WANDENG"), ("小满", "XIAOMAN"),
    ("知秋", "ZHIQIU"), ("见月", "JIANYUE"), ("初晴", "CHUQING"), ("拾贝", "SHIBEI"),
    ("问鸥", "WENOU"), ("依云", "YIYUN"), ("临川", "LINCHUAN"), ("泊月", "BOYUE"),
    ("听荷", "TINGHE"),
)  # fmt: skip

# Borne by nobody whom the demo registers.
_NEW: Final = (("采薇", "CAIWEI"), ("望舒", "WANGSHU"), ("听雪", "TINGXUE"))


def newcomers() -> Iterator[tuple[str, str]]:
    """Yield names of people who are not registered anywhere yet, twenty-four of them."""
    for given in _NEW:
        for family in _FAMILY:
            yield family[0] + given[0], f"{family[1]} {given[1]}"


def invented(region: str) -> Iterator[tuple[str, str]]:
    """Yield names with their Latin writing, a hundred and four of them; each region begins elsewhere."""
    pairs = len(_FAMILY) * len(_GIVEN)
    start = sum(map(ord, region))
    for number in range(pairs):
        # Eight and thirteen share no factor, so the two lists together give each pair once.
        family = _FAMILY[(start + number) % len(_FAMILY)]
        given = _GIVEN[(start + number) % len(_GIVEN)]
        yield family[0] + given[0], f"{family[1]} {given[1]}"
