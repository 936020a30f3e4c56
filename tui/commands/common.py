"""What the commands have in common: exit codes, ending early, reading files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from engine.problems.example import Example
    from engine.problems.problem import Problem

FINE, WRONG, USAGE, INVALID_FILE, NO_RECORDS = range(5)
"""The exit codes of every command."""

LARGEST = 16 * 1024 * 1024
"""The most bytes that a table of answers may have."""


class CommandError(Exception):
    """Ends the command; the message goes to stderr."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


def load_problem(name: str, options: Namespace) -> Problem:
    """The problem that a command was given, by built-in id or by path."""
    from engine.problems.faults import ProblemError
    from engine.problems.reading import MissingPackageError, UnknownProblemError, load

    try:
        return load(name, model_example(name, options))
    except (UnknownProblemError, MissingPackageError) as error:
        raise CommandError(USAGE, str(error)) from error
    except ProblemError as error:
        raise CommandError(INVALID_FILE, str(error)) from error


def model_example(name: str, options: Namespace) -> Example | None:
    """What a model is tried on, from `--input`, `--target` and `--seed`; None without them.

    Raises `ProblemError` for a file that can't be used.
    """
    from engine.language import tr

    given = (options.input, options.target, options.seed)
    if given == (None, None, None):
        return None
    from engine.marking.matrix_file import read_given
    from engine.problems.example import Example
    from engine.problems.reading import is_model

    if not is_model(name):
        raise CommandError(USAGE, tr("--input, --target and --seed go with an .onnx model."))
    read = [None if path is None else read_given(path) for path in given[:2]]
    return Example(read[0], read[1], options.seed)


def read_text(path: str) -> str:
    """A text file's content; UTF-8, with or without a byte order mark."""
    from engine.files import open_to_read
    from engine.language import tr

    try:
        with open_to_read(path) as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        message = tr("The file can't be read: {cause}.", cause=cause)
        raise CommandError(INVALID_FILE, f"{path}: {message}") from error
    if len(data) > LARGEST:
        message = tr("The file is too large: it may have {limit} bytes.", limit=LARGEST)
        raise CommandError(INVALID_FILE, f"{path}: {message}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(INVALID_FILE, f"{path}: " + tr("The file isn't UTF-8 text.")) from error
