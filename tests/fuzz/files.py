"""Problem files that were tampered with, and what is promised of any file whatever."""

from __future__ import annotations

import re
import resource
import sys
from functools import cache
from random import Random
from tempfile import NamedTemporaryFile
from time import process_time

from engine.problems.course import builtin_ids
from engine.problems.faults import Fault, ProblemError
from engine.problems.problem import Problem
from engine.problems.reading import load, read_source

LIMIT = 1.0
"""Seconds of processor time in which any file is read, or what is wrong with it said."""

MEMORY = 200 * 1024 * 1024
"""Bytes that reading any file may add to what the program takes."""

slowdown = 1.0
"""How much slower the code runs than by itself: counting what it covers takes its time."""

ODD = [
    "nan", "inf", "-1e400", "0", "-1", "1e30", "1e-30", "true", "[]", "[[]]", "[1]", "[[1, 2]]",
    "{}", "'X'", '"sgd"', '"relu"', '"H1"', '"W1"', '"y"', '"X@W1"', '"sum(X)"', '"ln(X)"',
    '"X/0"', '""', "1979-05-27", "0x" + "f" * 5000, '"' + "(" * 200 + '"', '"relu(X)^4^4^4^4^4"',
    '"[X > 0]"', '"value H1"', '["value H1", 3]', '"\\u202e"', "[[1, 2], [3, 4]]", "[0, 0]",
    '"given"', '"mse"', "1e1000000000", "9" * 400, '"exp(exp(exp(exp(X))))"', '"X^-4"', '"n"',
    "2147483648", "[1000000000, 1000000000]", "-0.0", "0.1", '"masha"', '"../masha"', "[" * 300,
    '"conv2d"', '"batch_norm"', '"softmax"', '"adam"', '"grad.X"', '"masha-logistic"',
]  # fmt: skip
"""Values that a file may have anywhere."""

KEYS = [
    "values", "forward", "loss", "update", "published", "parts", "layer", "formula", "weight", "to",
    "bias", "kind", "target", "of", "half", "X", "W1", "L", "n", "'ы'", "steps", "rows", "upstream",
    "stride", "padding", "dilation", "size", "epsilon", "keep", "mask", "first_step", "continues",
    "decimals", "significant", "wrt", "after", "batch", "learning_rate", "momentum", "from",
]  # fmt: skip
"""Keys that a file may have anywhere."""

VALUE = re.compile(r"(?<== ).*")
KEY = re.compile(r"^\w+(?= =)", re.MULTILINE)
WAYS = ("value", "value", "key", "drop", "double", "character", "cut")


@cache
def good_files() -> tuple[str, ...]:
    """The built-in files."""
    return tuple(read_source(name)[0].decode() for name in builtin_ids())


def tampered(dice: Random) -> bytes:
    """A built-in file with a few of its values, keys and lines exchanged, doubled or left out."""
    lines = dice.choice(good_files()).split("\n")
    for _ in range(dice.randint(1, 5)):
        place = dice.randrange(len(lines))
        line = lines[place]
        match dice.choice(WAYS):
            case "value":
                odd = dice.choice(ODD)
                lines[place] = VALUE.sub(lambda _, odd=odd: odd, line)  # type: ignore[misc]
            case "key":
                key = dice.choice(KEYS)
                lines[place] = KEY.sub(lambda _, key=key: key, line)  # type: ignore[misc]
            case "drop" if len(lines) > 1:
                del lines[place]
            case "double":
                lines.insert(dice.randrange(len(lines)), line)
            case "cut":
                lines = lines[: place + 1]
            case _:
                cut = dice.randint(0, len(line))
                lines[place] = line[:cut] + chr(dice.choice(range(0xD800))) + line[cut:]
    return "\n".join(lines).encode()


def outcome(data: bytes) -> Problem | tuple[Fault, ...]:
    """The problem that the file holds, or what is wrong in it."""
    with NamedTemporaryFile(suffix=".toml") as file:
        file.write(data)
        file.flush()
        try:
            return load(file.name)
        except ProblemError as error:
            faults, lines = error.faults, error.lines()
    assert all(line.startswith(f"{file.name}:") for line in lines)
    return faults


def must_be_a_problem_or_have_faults_with_places(data: bytes) -> None:
    """Raises where a file is neither, takes too long or takes too much."""
    before, start = _peak(), process_time()
    found = outcome(data)
    spent, taken = process_time() - start, _peak() - before
    assert spent <= LIMIT * slowdown, f"{spent:.2f} s"
    assert taken <= MEMORY, f"{taken >> 20} MB"
    if isinstance(found, Problem):
        return
    assert found
    lines = data.split(b"\n")
    for fault in found:
        assert fault.message
        assert fault.position is not None
        line, column = fault.position
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


def _peak() -> int:
    """The most memory that the program has ever taken, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
