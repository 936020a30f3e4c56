"""Finding and reading problem files: the built-in ones by id, a teacher's own by path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from engine.files import open_to_read
from engine.language import tr
from engine.problems.course import builtin_ids
from engine.problems.example import Example
from engine.problems.faults import Fault, ProblemError, located
from engine.problems.schema import MAX_BYTES, ProblemFile, decode

if TYPE_CHECKING:
    from engine.problems.problem import Problem

ID = re.compile(r"[a-z0-9-]+")
"""What a problem's id looks like."""
MAX_CHAIN = 20
"""How many problems may go on from one another."""


class UnknownProblemError(LookupError):
    """No built-in problem has this id, and no file this path."""


class MissingPackageError(ImportError):
    """A package that only some problems need isn't installed."""


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
    if not (path.suffix == ".toml" or _exists(path)) or "\0" in problem:
        known = ", ".join(builtin_ids())
        raise UnknownProblemError(
            tr(
                "There is no built-in problem {problem!r} and no such file. Built-in: {known}.",
                problem=problem,
                known=known,
            )
        )
    return _bytes(path, MAX_BYTES), str(path)


def _bytes(path: Path, limit: int) -> bytes:
    """A file's content, one byte beyond the limit at most."""
    try:
        with open_to_read(path) as stream:
            return stream.read(limit + 1)
    except OSError as error:
        cause = tr("The file can't be read: {cause}.", cause=error.strerror or error)
        raise ProblemError(str(path), [Fault((), cause)]) from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long for a file
        return False


def is_model(problem: str) -> bool:
    """Whether a path is that of an ONNX model."""
    return problem.lower().endswith(".onnx") and "\0" not in problem


def load(problem: str, example: Example | None = None) -> Problem:
    """The problem by built-in id or path; raises `UnknownProblemError` or `ProblemError`.

    A model is tried on the example, by default one that is drawn; without the package that reads
    models it raises `MissingPackageError`. Another problem with an example raises `ValueError`.
    """
    if is_model(problem):
        return _load_model(Path(problem), example or Example())
    if example is not None:
        raise ValueError(tr("An input, a target or a seed goes with an .onnx model only."))
    return _load(problem, ())


def _load_model(path: Path, example: Example) -> Problem:
    try:
        from engine.problems.onnx_model.opening import MAX_BYTES, open_model
    except ModuleNotFoundError as error:
        message = tr("To open an .onnx model the package onnx is needed: pip install onnx")
        raise MissingPackageError(message) from error
    return open_model(_bytes(path, MAX_BYTES), str(path), example)


def _load(problem: str, chain: tuple[str, ...]) -> Problem:
    from engine.problems.building import build

    data, place = read_source(problem)
    file = decode(data, place)
    base = None
    try:
        if file.continues is not None:
            base = _load(_base_of(file, place, chain), (*chain, file.id))
        return build(file, place, base)
    except ProblemError as error:
        if error.place != place:  # the fault lies in the problem that this one goes on from
            raise
        raise located(place, error.faults, data.decode("utf-8-sig")) from error


def _base_of(file: ProblemFile, place: str, chain: tuple[str, ...]) -> str:
    """The problem that a file goes on from: a built-in id, or a path beside the file."""
    identity = file.continues or ""
    beside = Path(place).parent / f"{identity}.toml"
    if identity in (*chain, file.id) or len(chain) >= MAX_CHAIN:
        message = tr("the problems go on from each other in a circle")
    elif identity in builtin_ids():
        return identity
    elif ID.fullmatch(identity) and beside.is_file():
        return str(beside)
    else:
        known = ", ".join(builtin_ids())
        message = tr(
            "there is no problem {identity!r} to go on from: neither a built-in one ({known}) "
            "nor a file {file!r} beside this one",
            identity=identity,
            known=known,
            file=f"{identity}.toml",
        )
    raise ProblemError(place, [Fault(("continues",), message)])
