"""`python -m tests.bench [--json FILE] [NAME…]`: measure, print a table, say what fails."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import commands, marking, records, training
from tests.bench.timing import Figure

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "commands": commands.figures,
    "marking": marking.figures,
    "records": records.figures,
    "training": training.figures,
}


def main() -> int:
    """Measure the groups that were named, or all; the exit code is 1 where a bound fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], metavar="GROUP")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    arguments = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}")
    found: list[Figure] = []
    for group in arguments.groups or GROUPS:
        print(f"\n{group}")
        for figure in GROUPS[group]():
            print(f"  {figure.row()}", flush=True)
            found.append(figure)
    if arguments.json:
        text = json.dumps([figure.as_json() for figure in found], ensure_ascii=False, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")
    return int(any(figure.holds is False for figure in found))


if __name__ == "__main__":
    sys.exit(main())
