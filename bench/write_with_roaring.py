"""Writes lists of numbers with pyroaring, run by its own Python: how many bytes do they take?"""

import json
import sys

from pyroaring import BitMap


def main() -> None:
    written = 0
    for numbers in json.load(sys.stdin):
        found = BitMap(numbers)
        found.run_optimize()
        written += len(found.serialize())
    print(written)


if __name__ == "__main__":
    main()
