"""Items with answers to choose from: which of these matrices it is, or which shape it has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.expression.evaluate import Array
from engine.expression.node import name
from engine.expression.shape import Shape, ShapeError, shape_of
from engine.language import mark_text, tr
from engine.marking.hints import hints, shape_name
from engine.marking.mark import Mark, Misconception
from engine.marking.misconceptions import Variant, variants
from engine.marking.purposes import purpose
from engine.network.layers import LAYERS
from engine.practice.distinct import distinct_mistakes
from engine.practice.draw import Draw
from engine.practice.generator import Item, generate, plain
from engine.practice.skills import PASS, SKILLS, find_skill
from engine.practice.wording import situation_text
from engine.problems.problem import Problem

MOST = 4
"""Options, the right one included."""

CHOICE_SKILLS = tuple(
    each.id
    for each in SKILLS.values()
    if each.aspect not in ("forward", "loss", "update") and each.subject != PASS
)
"""Skills with a gradient to choose: there are enough ways to get one wrong."""

SHAPE_SKILLS = tuple(
    each.id for each in SKILLS.values() if each.subject in LAYERS and LAYERS[each.subject].required
)
"""Skills with a shape to find out: elsewhere it is that of the input."""

_SHAPE = re.compile(r"\(?\s*(\d+)\s*(?:[x×хХX*,]|\s)\s*(\d+)\s*\)?")
"""A typed shape; the Russian letter looks like the Latin one."""


@dataclass(frozen=True, eq=False)
class Option:
    """One answer to choose."""

    shape: Shape
    value: Array | None = None
    """The matrix; None where only a shape is to be chosen."""
    mistake: Variant | None = None
    """The misconception that leads there; None for the right answer."""


@dataclass(frozen=True, eq=False)
class Choice:
    """A generated item with its options, in the order in which they are shown."""

    item: Item
    kind: Literal["choice", "shape"]
    options: tuple[Option, ...]

    @property
    def right(self) -> int:
        """The place of the right option, from 0."""
        return next(i for i, option in enumerate(self.options) if option.mistake is None)

    @property
    def count(self) -> int:
        """How many options there are."""
        return len(self.options)

    @property
    def problem(self) -> Problem:
        return self.item.problem

    @property
    def skill(self) -> str:
        return self.item.skill

    @property
    def level(self) -> int:
        return self.item.level

    @property
    def seed(self) -> int:
        return self.item.seed

    @property
    def key(self) -> str:
        return self.item.key

    def shapes(self) -> dict[str, Shape]:
        """What is shown where only the shape is asked: the shapes of all that is known, by key."""
        numbers = self.item.problem.solution.numbers
        known = [*self.item.problem.network.values, *self.item.given]
        return {key: numbers[key].shape for key in known}

    def question(self) -> str:
        """What is asked, in the learner's language."""
        symbol = self.item.problem.solution.symbol(self.item.key)
        asked = (
            tr("What shape does {symbol} have?", symbol=symbol)
            if self.kind == "shape"
            else tr("Which of these is {symbol}?", symbol=symbol)
        )
        return f"{situation_text(self.item.problem, self.item.key)} {asked}".strip()

    def place(self, text: str) -> int | None:
        """The place of the option with that number from 1, or, typed as ``2x3``, of that shape."""
        place = option_place(text, self.count)
        shape = self._typed_shape(text)
        for at, option in enumerate(self.options):
            if shape is not None and option.shape == shape:
                return at
        return place

    def _typed_shape(self, text: str) -> Shape | None:
        found = _SHAPE.fullmatch(text.strip()) if self.kind == "shape" else None
        return (int(found[1]), int(found[2])) if found else None

    def mark(self, text: str) -> Mark:
        """Mark an option's number from 1; where a shape is asked, also a shape such as ``2x3``."""
        place, shape = self.place(text), self._typed_shape(text)
        if place is None:
            if shape is None:
                return unreadable_choice(self.count)
            message = tr("{symbol} isn't {shape}.", symbol=self._symbol, shape=shape_name(shape))
            return Mark("wrong", message, reading=shape_name(shape))
        option = self.options[place]
        reading = shape_name(option.shape) if self.kind == "shape" else str(place + 1)
        if option.mistake is None:
            return Mark("right", tr("Right."), reading=reading)
        named = Misconception(option.mistake.tag, option.mistake.message)
        return Mark("misconception", named.message, misconception=named, reading=reading)

    def hints(self) -> tuple[str, ...]:
        """What the step is for, then its formula; the numbers put in where a value is asked."""
        if self.kind == "choice":
            return hints(self.problem, self.key)[:4]
        solution = self.problem.solution
        return (
            purpose(solution, self.key),
            tr("{symbol} = {formula}", symbol=self._symbol, formula=solution.formula(self.key)),
            tr(
                "A matrix product has the rows of its left factor and the columns of its right one."
            ),
        )

    @property
    def _symbol(self) -> str:
        return self.problem.solution.symbol(self.key)

    def as_json(self) -> dict[str, Any]:
        """The item's line, with ``options`` and, from 0, the place of the ``right`` one.

        An option has its ``shape``, its ``value`` (null where a shape is asked) and the tag of the
        ``mistake`` that leads there (null for the right one).
        """
        return {
            **self.item.as_json(),
            "kind": self.kind,
            "question": self.question(),
            "options": [
                {
                    "shape": list(option.shape),
                    "value": None if option.value is None else plain(option.value),
                    "mistake": option.mistake and option.mistake.tag,
                }
                for option in self.options
            ],
            "right": self.right,
        }


def option_place(text: str, count: int) -> int | None:
    """The place, from 0, of the option with the number that a text is; None where it is none."""
    number = text.strip().removesuffix(".").removesuffix(")")
    if not (number.isascii() and number.isdigit()) or len(number) > 3:
        return None
    return int(number) - 1 if 1 <= int(number) <= count else None


def unreadable_choice(count: int) -> Mark:
    """The mark of a text that chooses nothing."""
    return Mark("invalid", tr("Choose with a number from 1 to {most}.", most=count))


def choice(skill: str, level: int = 1, seed: int = 0) -> Choice:
    """Which of these is it: the right value among those that misconceptions lead to.

    No two options look the same. Raises what `generate` raises, and `ValueError` for a skill that
    isn't in `CHOICE_SKILLS`.
    """
    _must_be_one_of(skill, CHOICE_SKILLS)
    item = generate(skill, level, seed)
    problem = item.problem
    step = problem.solution[item.key]
    wrong = [Option(value.shape, value, v) for v, value in distinct_mistakes(problem, item.key)]
    return _shuffled(item, "choice", Option(step.shape, step.value), wrong)


def shape_choice(skill: str, level: int = 1, seed: int = 0) -> Choice:
    """What shape has it: the right one among those of misconceptions and of other quantities.

    Raises what `generate` raises, and `ValueError` for a skill that isn't in `SHAPE_SKILLS`.
    """
    _must_be_one_of(skill, SHAPE_SKILLS)
    item = generate(skill, level, seed)
    right = item.problem.solution[item.key].shape
    wrong = {}
    for mistake, shape in _other_shapes(item):
        if shape != right and shape not in wrong:
            wrong[shape] = Option(shape, mistake=mistake)
    return _shuffled(item, "shape", Option(right), [*wrong.values()])


def _must_be_one_of(skill: str, known: tuple[str, ...]) -> None:
    if find_skill(skill).id not in known:
        raise ValueError(f"{skill}: expected one of {', '.join(known)}")


def _other_shapes(item: Item) -> Iterator[tuple[Variant, Shape]]:
    solution = item.problem.solution
    shapes = {key: value.shape for key, value in solution.numbers.items()}
    whole = mark_text("Rows and columns are the wrong way round.")
    yield Variant("answer_transposed", name(item.key).T, whole), shapes[item.key][::-1]
    for variant in variants(solution, item.key):
        try:
            yield variant, shape_of(variant.node, shapes)
        except ShapeError:
            continue
    other = mark_text("This is the shape of {used}.")
    for key in [*item.problem.network.values, *item.given]:
        fields = {"used": solution.symbol(key)}
        yield Variant("wrong_quantity", name(key), other, fields), shapes[key]


def _shuffled(
    item: Item, kind: Literal["choice", "shape"], right: Option, wrong: Sequence[Option]
) -> Choice:
    """The right option among the likeliest wrong ones, one of each misconception first."""
    seen: set[str] = set()
    first: list[Option] = []
    second: list[Option] = []
    for option in wrong:
        assert option.mistake is not None
        (second if option.mistake.tag in seen else first).append(option)
        seen.add(option.mistake.tag)
    kept = [right, *[*first, *second][: MOST - 1]]
    draw = Draw(kind, item.skill, item.level, item.seed)
    return Choice(item, kind, tuple(draw.shuffled(kept)))
