"""Finding and reading problem files: the built-in ones by id, a teacher's own by path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from engine.language import tr
from engine.problems.faults import Fault, ProblemError, locate
from engine.problems.schema import ProblemFile, decode

if TYPE_CHECKING:
    from engine.problems.problem import Problem

MAX_CHAIN = 20
"""How many problems may go on from one another."""


class UnknownProblemError(LookupError):
    """No built-in problem has this id, and no file this path."""


def builtin_ids() -> list[str]:
    """The built-in problems, in the order in which they are best done."""
    return (files("assets") / "problems" / "order.txt").read_text(encoding="utf-8").split()


def builtin_files() -> Iterator[ProblemFile]:
    """The built-in problems' files, decoded but not built."""
    for identity in builtin_ids():
        yield decode(_builtin_bytes(identity), identity)


def _builtin_bytes(identity: str) -> bytes:
    return (files("assets") / "problems" / f"{identity}.toml").read_bytes()


def read_source(problem: str) -> tuple[bytes, str]:
    """A problem's bytes and the place they came from, by built-in id or by path.

    Raises `UnknownProblemError` where neither exists, `ProblemError` where it can't be read.
    """
    if problem in builtin_ids():
        return _builtin_bytes(problem), problem
    path = Path(problem)
    if not (path.suffix == ".toml" or path.exists()):
        known = ", ".join(builtin_ids())
        raise UnknownProblemError(
            tr(
                "There is no built-in problem {problem!r} and no such file. Built-in: {known}.",
                problem=problem,
                known=known,
            )
        )
    try:
        with path.open("rb") as stream:
            return stream.read(256 * 1024 + 1), str(path)
    except OSError as error:
        cause = tr("The file can't be read: {cause}.", cause=error.strerror or error)
        raise ProblemError(str(path), [Fault((), cause)]) from error


def load(problem: str) -> Problem:
    """The problem by built-in id or path; raises `UnknownProblemError` or `ProblemError`."""
    return _load(problem, ())


def _load(problem: str, chain: tuple[str, ...]) -> Problem:
    from engine.problems.building import build

    data, place = read_source(problem)
    file = decode(data, place)
    base = None
    if file.continues:
        if file.continues in chain or len(chain) >= MAX_CHAIN:
            message = tr("the problems go on from each other in a circle")
            raise ProblemError(place, [Fault(("continues",), message)])
        base = _load_base(file.continues, place, (*chain, file.id))
    try:
        return build(file, place, base)
    except ProblemError as error:
        text = data.decode("utf-8-sig")
        placed = [replace(f, position=locate(text, f.path)) for f in error.faults]
        raise ProblemError(place, placed) from error


def _load_base(identity: str, place: str, chain: tuple[str, ...]) -> Problem:
    beside = Path(place).parent / f"{identity}.toml"
    if identity in builtin_ids():
        return _load(identity, chain)
    if beside.is_file():
        return _load(str(beside), chain)
    message = tr("there is no problem {identity!r} to go on from", identity=identity)
    raise ProblemError(place, [Fault(("continues",), message)])
