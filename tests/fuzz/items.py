"""`python -m tests.fuzz.items [--count N] [--from SEED]`: is every generated item as it should be?

Over all skills and levels, seed by seed: the item solves, every gradient of its network agrees with
finite differences, and no misconception of what is asked equals the answer or another one. (The
tests hold that for the first seeds.)
"""

from __future__ import annotations

import argparse
import sys
from itertools import count, islice, product

from engine.network.check import check_solution
from engine.practice.distinct import indistinguishable
from engine.practice.levels import LEVELS
from engine.practice.mixing import Drawn, make
from engine.practice.skills import SKILLS
from engine.practice.whole_pass import WholePass


def main() -> int:
    """Say every fault; the exit code is 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.items", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="SEED")
    arguments = parser.parse_args()
    wanted = ((s, *each) for s in count(arguments.first) for each in product(SKILLS, LEVELS))
    faults = 0
    for seed, skill, level in islice(wanted, arguments.count):
        for fault in _faults(make(skill, level, seed)):
            print(f"{skill}, level {level}, seed {seed}: {fault}")
            faults += 1
    print(f"{arguments.count} items, {faults} faults")
    return int(bool(faults))


def _faults(item: Drawn) -> list[str]:
    check = check_solution(item.problem.solution)
    found = [] if check is None or check.passed else [f"gradients: {check.errors}"]
    for key in item.keys if isinstance(item, WholePass) else [item.key]:
        alike = indistinguishable(item.problem, key)
        found += [f"{key}: {', '.join(alike)}"] if alike else []
    return found


if __name__ == "__main__":
    sys.exit(main())
