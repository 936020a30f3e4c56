"""`python -m tests.bench [GROUP…]`: every figure beside its reference; 1 where one doesn't hold."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.bench import commands, keys, marking, memory, practice, records, startup, training
from tests.bench.report import HEADING, as_json, growth_lines, line, machine, markdown
from tests.bench.row import Result, Row, run

GROUPS: dict[str, list[Row]] = {
    "startup": startup.ROWS,
    "keys": keys.ROWS,
    "commands": commands.ROWS,
    "training": training.ROWS,
    "marking": marking.ROWS,
    "practice": practice.ROWS,
    "records": records.ROWS,
    "memory": memory.ROWS,
}
QUICK = 3


def main() -> int:
    """Measure the groups that were named, or all."""
    arguments = _arguments()
    groups = {name: GROUPS[name] for name in arguments.groups or GROUPS}
    show = sys.stderr if arguments.json == "-" else sys.stdout
    if arguments.list:
        for name, rows in groups.items():
            print(name, *(f"  {row.label}" for row in rows), sep="\n")
        return 0
    print(", ".join(f"{what}: {value}" for what, value in machine().items()), file=show)
    results: dict[str, list[Result]] = {}
    for name, rows in groups.items():
        print(f"\n{name + HEADING[len(name) :]}", file=show)
        results[name] = []
        for row in rows:
            results[name].append(run(row, min(QUICK, row.rounds) if arguments.quick else None))
            print(line(results[name][-1]), file=show, flush=True)
        print(*(f"  {text}" for text in growth_lines(results[name])), sep="\n", file=show)
    if arguments.json:
        text = json.dumps(as_json(results), ensure_ascii=False, indent=1) + "\n"
        if arguments.json == "-":
            sys.stdout.write(text)
        else:
            Path(arguments.json).write_text(text, encoding="utf-8")
    if arguments.markdown:
        table = markdown([result for group in results.values() for result in group])
        Path(arguments.markdown).write_text(table, encoding="utf-8")
    failed = [result for group in results.values() for result in group if result.holds is False]
    print(*(f"doesn't hold: {result.row.label}" for result in failed), sep="\n", file=show)
    return int(bool(failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], metavar="GROUP")
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too; - is stdout")
    parser.add_argument("--markdown", metavar="FILE", help="write what has a bound as a table")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} rounds of each")
    parser.add_argument("--list", action="store_true", help="name the figures, measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
