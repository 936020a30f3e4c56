"""Long runs that look for what no one thought of; each has a short form among the tests.

    python -m tests.fuzz value --seconds 1800     typed matrices
    python -m tests.fuzz formula --seconds 1800   typed formulas
    python -m tests.fuzz russian --seconds 1800   both, with Russian messages
    python -m tests.fuzz problem --seconds 1800   problem files
    python -m tests.fuzz monkey --keys 300000     keys, clicks, pastes, sizes over all screens
    python -m tests.fuzz day --questions 5000     a day's work in one process: memory doesn't grow
    python -m tests.fuzz kills --count 1000       kill -9 while answering: no answer is lost
    python -m tests.fuzz.items --count 100000     generated items: right, and mistakes told apart

The first four are guided by coverage where atheris is (pip install '.[fuzz]'), and tried by chance
where it isn't or with --plain. What broke a promise is printed, and how to do it again; the exit
code is 1 then.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run one of them."""
    parser = ArgumentParser(
        prog="python -m tests.fuzz",
        description=__doc__,
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name in TARGETS:
        command = commands.add_parser(name)
        command.add_argument("--seconds", type=int, default=600)
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--plain", action="store_true", help="no coverage, even with atheris")
    monkey = commands.add_parser("monkey")
    monkey.add_argument("--keys", type=int, default=300_000)
    monkey.add_argument("--seed", type=int, default=1)
    day = commands.add_parser("day")
    day.add_argument("--questions", type=int, default=5000)
    day.add_argument("--seed", type=int, default=1)
    kills = commands.add_parser("kills")
    kills.add_argument("--count", type=int, default=1000)
    kills.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.pop("BACKHAND_DEBUG", None)
    match options.what:
        case "monkey":
            from tests.fuzz.monkey import play_long

            seen = play_long(options.keys, options.seed)
            print(f"{options.keys} keys:", dict(sorted(seen.items())))
        case "day":
            from tests.fuzz.day import run as run_day

            return run_day(options.questions, options.seed)
        case "kills":
            from tests.fuzz.kills import run

            return run(options.count, options.seed)
        case name:
            from tests.fuzz.texts import run as run_texts

            run_texts(name, options.seconds, options.seed, plain=options.plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
