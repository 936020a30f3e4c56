"""Whatever stands in a file: it is a problem, or what is wrong is said with a place in the file."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.problems.building import build
from engine.problems.course import builtin_ids
from engine.problems.faults import Fault, ProblemError, located
from engine.problems.problem import Problem
from engine.problems.reading import load, read_source
from engine.problems.schema import decode

FILES = [read_source(name)[0].decode() for name in builtin_ids() if not load(name).continues]
ODD = [
    "nan", "inf", "-1e400", "0", "-1", "1e30", "true", "[]", "[[]]", "[1]", "[[1, 2]]", "{}", "'X'",
    '"sgd"', '"relu"', '"H1"', '"W1"', '"y"', '"X@W1"', '"sum(X)"', '"ln(X)"', '"X/0"', '""',
    "1979-05-27", "0x" + "f" * 5000, '"' + "(" * 200 + '"', '"relu(X)^4^4^4^4^4"', '"[X > 0]"',
    '"value H1"', '["value H1", 3]', '"\\u202e"', "[[1, 2], [3, 4]]", "[0, 0]", '"given"', '"mse"',
]  # fmt: skip
KEYS = [
    "values", "forward", "loss", "update", "published", "parts", "layer", "formula", "weight", "to",
    "bias", "kind", "target", "of", "half", "X", "W1", "L", "n", "'ы'", "steps", "rows", "upstream",
]  # fmt: skip
VALUE = re.compile(r"(?<== ).*")
KEY = re.compile(r"^\w+(?= =)", re.MULTILINE)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A built-in file with a few of its values, keys and lines exchanged, doubled or left out."""
    text = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["value", "key", "drop", "double", "character"]))
        lines = text.split("\n")
        place = draw(st.integers(0, len(lines) - 1))
        if kind == "value":
            lines[place] = VALUE.sub(lambda _: draw(st.sampled_from(ODD)), lines[place])
        elif kind == "key":
            lines[place] = KEY.sub(lambda _: draw(st.sampled_from(KEYS)), lines[place])
        elif kind == "drop":
            del lines[place]
        elif kind == "double":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines[place])
        else:
            cut = draw(st.integers(0, len(lines[place])))
            lines[place] = lines[place][:cut] + draw(st.characters()) + lines[place][cut:]
        text = "\n".join(lines)
    return text


def outcome(data: bytes) -> Problem | tuple[Fault, ...]:
    """The problem, or what is wrong in the file."""
    try:
        file = decode(data, "file")
        try:
            return build(file, "file")
        except ProblemError as error:
            return located("file", error.faults, data.decode("utf-8-sig")).faults
    except ProblemError as error:
        return error.faults


def must_be_a_problem_or_have_faults_with_places(data: bytes) -> None:
    found = outcome(data)
    if isinstance(found, Problem):
        return
    assert found
    lines = data.split(b"\n")
    for fault in found:
        line, column = fault.position
        assert fault.message
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


@settings(max_examples=300)
@given(files())
def test_a_file_that_was_tampered_with_is_a_problem_or_has_faults_with_places(text: str) -> None:
    must_be_a_problem_or_have_faults_with_places(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_a_problem_or_has_faults_with_places(text: str) -> None:
    must_be_a_problem_or_have_faults_with_places(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_problem_or_have_faults_with_places(data: bytes) -> None:
    must_be_a_problem_or_have_faults_with_places(data)


def test_the_files_that_are_tampered_with_are_problems_themselves() -> None:
    assert FILES
    assert all(isinstance(outcome(text.encode()), Problem) for text in FILES)
