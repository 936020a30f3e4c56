"""One question of a session: what is asked and how it is marked, its answers, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from engine.language import local, tr
from engine.marking.answer import mark_answer
from engine.marking.hints import hints
from engine.marking.mark import FREE, Mark
from engine.practice.mistakes import mistake_title
from engine.practice.reasons import Reason
from engine.practice.wording import question_text
from engine.problems.problem import Kind, Part, Precision, Problem

if TYPE_CHECKING:
    from engine.practice.spotting import Spot
    from engine.practice.whole_pass import WholePass

Asked: TypeAlias = Literal["value", "formula", "choice", "shape", "spot"]
"""What is asked: to type a value or a formula; to choose a value, a shape or the wrong step."""

Status = Literal["open", "right", "revealed", "skipped", "noted"]
"""Noted is what was answered in an exam that isn't over: nothing is said about it."""


class Task(Protocol):
    """What there is to choose from, where the answer isn't a value or a formula to be typed."""

    @property
    def right(self) -> int:
        """The place of the right option, from 0."""

    @property
    def count(self) -> int:
        """How many options there are, at most 9."""

    def question(self) -> str:
        """What is asked, in the learner's language."""

    def place(self, text: str) -> int | None:
        """The place of the option that a text chooses, from 0; None where it chooses none."""

    def mark(self, text: str) -> Mark:
        """Mark a choice, given as the option's number from 1; any text gets a mark."""

    def hints(self) -> tuple[str, ...]:
        """What helps, less first, in the learner's language; never the answer itself."""


@dataclass(frozen=True, eq=False)
class Question:
    """One question about one quantity of a problem."""

    problem: Problem
    kind: Asked
    key: str
    """The quantity; of a pass with a wrong step that step."""
    part: Part | None = None
    given: tuple[str, ...] = ()
    """Keys whose right values are shown with this question, though they may be asked later."""
    level: int | None = None
    """The level and the seed of a generated item; None in a lesson."""
    seed: int | None = None
    why: Reason | None = None
    """Why this is asked, where something chose it for the learner."""
    task: Task | None = None
    """The options, where one is to be chosen."""
    mends: Spot | None = None
    """The pass whose wrong step is asked here as it should be."""
    whole: WholePass | None = None
    """The whole pass that this is a step of."""

    @property
    def id(self) -> str:
        """The kind and the key, as the line mode's prompt says it; a value's is the key alone.

        ``H1``, ``formula H1``, ``choice grad.W1``, ``shape H1``; ``spot pass`` names no step.
        """
        if self.kind == "value":
            return self.key
        return f"{self.kind} {'pass' if self.kind == 'spot' else self.key}"

    @property
    def typed_kind(self) -> Kind:
        """What the marking of typed answers calls it."""
        return "formula" if self.kind == "formula" else "value"

    @property
    def recorded_kind(self) -> str:
        """What the records call it; a step to be mended follows from another item than a value."""
        return "mend" if self.mends else "pass" if self.whole else self.kind

    @property
    def recorded_problem(self) -> str:
        """What the records call the problem: its id, or of a whole pass the skill that it is of.

        With the level and the seed that tells which numbers there were.
        """
        return self.whole.skill if self.whole else self.problem.id

    @property
    def skill(self) -> str:
        """The id of the skill that is needed."""
        return self.problem.solution[self.key].skill

    @property
    def symbol(self) -> str:
        return self.problem.solution.symbol(self.key)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.problem.solution[self.key].shape)

    @property
    def precision(self) -> Precision:
        return self.problem.precision_for(self.key)

    @property
    def text(self) -> str:
        """The part's words, in the learner's language."""
        return local(self.part.text) if self.part else ""

    @property
    def words(self) -> str:
        """What is asked, in the learner's language, where no part has words for it."""
        if self.task is not None:
            return self.task.question()
        if self.mends is not None:
            return tr("{symbol} is the wrong step. What should it be?", symbol=self.symbol)
        return question_text(self.problem, self.key, self.typed_kind)

    @property
    def afterword(self) -> str:
        """What is said once the answer is there: the mistake that a pass was made with."""
        if self.mends is None:
            return ""
        mistake = self.mends.mistake
        title = mistake_title(mistake.tag)
        return tr("The mistake in this pass: {mistake}. {why}", mistake=title, why=mistake.message)

    def mark(self, text: str, given: Mapping[str, str]) -> Mark:
        """Mark an answer; `given` is what was entered for earlier values. Any text gets a mark."""
        if self.task is not None:
            return self.task.mark(text)
        return mark_answer(self.problem, self.typed_kind, self.key, text, given=given)

    def hints(self) -> tuple[str, ...]:
        """The hints, less first, in the learner's language."""
        if self.task is not None:
            return self.task.hints()
        return hints(self.problem, self.key, self.typed_kind)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer that was marked."""

    text: str
    mark: Mark
    given: Mapping[str, str] = field(default_factory=dict)
    """The earlier entries that it was judged on."""
    seconds: float = 0.0
    """Since the question came up, or since the answer before."""


@dataclass(slots=True)
class Progress:
    """What has happened at one question."""

    status: Status = "open"
    draft: str = ""
    """The half-typed answer."""
    attempts: list[Attempt] = field(default_factory=list)
    hints: int = 0
    """How many hints were given."""
    hinted_at: tuple[int, float] = (0, 0.0)
    """The tries there were, and the clock, when the last hint was given."""

    @property
    def tries(self) -> int:
        """Attempts that counted: an unreadable, unfinished or too coarse answer is no try."""
        return sum(1 for attempt in self.attempts if attempt.mark.verdict not in FREE)

    @property
    def last(self) -> Mark | None:
        """The last answer's mark."""
        return self.attempts[-1].mark if self.attempts else None

    @property
    def first_try(self) -> bool:
        """Right at the first counted attempt, without a hint, and no further one made."""
        return self.status == "right" and self.tries == 1 and not self.hints

    @property
    def known(self) -> bool:
        """Whether the first attempt that counted was right, without a hint; later ones are free."""
        counted = (attempt.mark for attempt in self.attempts if attempt.mark.verdict not in FREE)
        first = next(counted, None)
        return first is not None and first.accepted and not self.hints
