"""A session: the questions of a lesson or a quiz, what was answered, and where one is. No screen.

The lesson, the quiz, the plain line mode and the tests drive this object; a screen shows it and
sends what was typed. `snapshot` and `restore` keep where one stopped, half-typed answers included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from engine.expression.node import names
from engine.marking.formula_functions import has_words
from engine.marking.mark import Mark
from engine.practice.question import Attempt, Progress, Question
from engine.practice.reveal import Reveal, reveal
from engine.problems.problem import Problem

if TYPE_CHECKING:
    from engine.expression.evaluate import Array

__all__ = ["HINT_PAUSE", "Attempt", "Progress", "Question", "Session", "lesson"]

HINT_PAUSE = 8.0
"""Seconds of thought after which a further hint opens without a try."""


class Session:
    """The questions in order, the place, and what has been answered; see the module's text."""

    def __init__(
        self,
        name: str,
        questions: Sequence[Question],
        clock: Callable[[], float] = monotonic,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.clock = clock
        """Seconds, from any beginning; a test's own clock makes waiting a matter of the test."""
        self.name = name
        """What the records call it: a lesson's problem id, or the quiz."""
        self.settings: Mapping[str, Any] = settings or {}
        """What the questions follow from, where the name doesn't say it; plain data for JSON."""
        self.questions = tuple(questions)
        self.progress = [Progress() for _ in self.questions]
        self.position = 0
        self.on_attempt: Callable[[Session, Attempt | None], None] | None = None
        """Told of every answer once it is marked, before anybody sees the mark; None stands for a
        right answer that was shown before any try. What `restore` repeats isn't told."""
        self._since = clock()

    # --- where one is -----------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether one is behind the last question."""
        return self.position >= len(self.questions)

    @property
    def question(self) -> Question:
        """The question that is asked now; only while not `finished`."""
        return self.questions[self.position]

    @property
    def here(self) -> Progress:
        """What has happened at the question that is asked now."""
        return self.progress[self.position]

    @property
    def counted(self) -> tuple[int, int]:
        """The number of the question asked now, from 1, and how many there are."""
        return self.position + 1, len(self.questions)

    @property
    def answered(self) -> int:
        """How many questions are right or revealed, or noted in an exam."""
        done = ("right", "revealed", "noted")
        return sum(1 for progress in self.progress if progress.status in done)

    # --- what one sees ----------------------------------------------------------------------------

    def known(self) -> list[str]:
        """The keys whose right values may be shown now, in pass order.

        What is given, what the problem goes on from, what was answered rightly or revealed, and
        what the part shows as given; never the quantity asked.
        """
        question = self.question
        solution = question.problem.solution
        solved = {
            asked.key
            for asked, progress in zip(self.questions, self.progress, strict=True)
            if asked.problem is question.problem
            and asked.kind == "value"
            and progress.status in ("right", "revealed")
        }
        shown = solved | set(question.given) | question.problem.known
        if not (question.kind == "value" and self.here.status in ("right", "revealed")):
            shown.discard(question.key)
        given = [*question.problem.network.values]
        return given + [key for key in solution if key in shown]

    def noted(self) -> dict[str, Array]:
        """What was entered before and isn't judged yet, by key: an exam's earlier answers."""
        if all(progress.status != "noted" for progress in self.progress):
            return {}
        from engine.marking.entries import whole

        question, typed = self.question, self.entries()
        found = {}
        for asked, progress in zip(self.questions, self.progress, strict=True):
            noted = progress.status == "noted" and asked.problem is question.problem
            if noted and asked.key in typed:
                entered = whole(typed[asked.key], asked.shape)
                if entered is not None:
                    found[asked.key] = entered
        return found

    def at_hand(self) -> list[str]:
        """The keys that may stand beside the question, in pass order: known or noted."""
        shown = {*self.known(), *self.noted()}
        problem = self.question.problem
        return [key for key in (*problem.network.values, *problem.solution) if key in shown]

    def nearby(self) -> list[str]:
        """The keys at hand that the layer asked about deals with: what to have before one's eyes.

        The same for every question about a layer, so that it gives no formula away.
        """
        question = self.question
        if question.kind == "spot":
            return self.at_hand()  # what is near would say which step is wrong
        solution = question.problem.solution
        quantity = solution[question.key].quantity
        near = {*names(quantity.node), quantity.upstream, quantity.result}
        for entry in question.problem.network.entries:
            if entry.to == quantity.result:
                near |= {*names(entry.node), f"grad.{entry.to}", f"local.{entry.source}"}
        known = self.at_hand()
        # What was never asked on its own comes from what it is made of.
        unknown = [key for key in names(quantity.node) if key in solution and key not in known]
        while unknown:
            for key in names(solution[unknown.pop()].node):
                if key in solution and key not in known and key not in near:
                    unknown.append(key)
                near.add(key)
        near.discard(question.key)
        return [key for key in known if key in near]

    @property
    def note_is_due(self) -> bool:
        """Whether what the source prints may be discussed: the value is no longer asked.

        A note may name the right value, so behind a formula it waits for the value's own question.
        """
        question = self.question
        return not any(
            asked.problem is question.problem
            and asked.key == question.key
            and asked.kind == "value"
            and progress.status not in ("right", "revealed")
            for asked, progress in zip(self.questions, self.progress, strict=True)
        )

    def entries(self) -> dict[str, str]:
        """What the learner entered for earlier quantities of this problem, by key, as typed."""
        question = self.question
        found = {}
        for asked, progress in zip(
            self.questions[: self.position], self.progress[: self.position], strict=True
        ):
            if asked.problem is not question.problem or asked.kind != "value":
                continue
            own = progress.attempts and progress.status != "revealed"
            if own and asked.key not in question.given:
                found[asked.key] = progress.attempts[-1].text
        return found

    def stale(self) -> list[int]:
        """The places of answers that rested on an earlier entry which has changed since.

        An answer that is right on the exact numbers is never stale.
        """
        now = self.position
        found = []
        for place, progress in enumerate(self.progress):
            last = progress.attempts[-1] if progress.attempts else None
            if last is None or last.mark.verdict not in ("carried", "rounded"):
                continue
            self.position = place
            if self.entries() != last.given:
                found.append(place)
        self.position = now
        return found

    @property
    def is_stale(self) -> bool:
        """Whether the last answer to this question rested on an entry that has changed since."""
        return not self.finished and self.position in self.stale()

    # --- what one does ----------------------------------------------------------------------------

    def judge(self, text: str) -> Mark:
        """The mark of an answer to the question asked now, not remembered; any text gets one."""
        return self.question.mark(text, self.entries())

    @property
    def said(self) -> Mark | None:
        """What is said about the last answer to the question asked now."""
        return self.here.last

    def answer(self, text: str) -> Mark:
        """Mark an answer to the question asked now and remember it; never raises for a text."""
        here, given = self.here, self.entries()
        mark = self.judge(text)
        now = self.clock()
        attempt = Attempt(text, mark, given, now - self._since)
        self._since = now
        here.attempts.append(attempt)
        here.draft = text
        if mark.accepted and here.status != "revealed":
            here.status = "right"
        for place in self.stale():
            if self.progress[place].status == "right":
                self.progress[place].status = "open"  # to be looked at again
        if self.on_attempt:
            self.on_attempt(self, attempt)
        return mark

    def hint_waits(self) -> float:
        """Seconds until the next hint opens by itself; 0 when it is open.

        The first says only what is asked. Each further one opens after a try or a moment's thought.
        """
        here = self.here
        tries, since = here.hinted_at
        if not here.hints or here.tries > tries:
            return 0.0
        return max(0.0, since + HINT_PAUSE - self.clock())

    def hint(self) -> str | None:
        """The next rung of the hints, or the last again; None while it isn't open yet."""
        if self.hint_waits() > 0:
            return None
        here, question = self.here, self.question
        rungs = question.hints()
        here.hints = min(here.hints + 1, len(rungs))
        here.hinted_at = (here.tries, self.clock())
        return rungs[here.hints - 1]

    def given_hints(self) -> tuple[str, ...]:
        """The hints that were given at this question, in the learner's language."""
        return self.question.hints()[: self.here.hints]

    def reveal(self) -> Reveal:
        """Show the right answer; the question then earns no credit, but one may go on."""
        here = self.here
        untried = here.status != "revealed" and not here.tries
        if here.status != "right":
            here.status = "revealed"
        if untried and self.on_attempt:
            self.on_attempt(self, None)
        return self.revelation()

    def revelation(self) -> Reveal:
        """What is shown after a right answer or a reveal."""
        return reveal(self.question.problem, self.question.key)

    def skip(self) -> None:
        """Go on without an answer; the question stays open to come back to."""
        if self.here.status == "open":
            self.here.status = "skipped"
        self.next()

    def next(self) -> None:
        """Go to the next question; behind the last one the session is finished."""
        self.go(self.position + 1)

    def back(self) -> None:
        """Go to the question before, to look or to try again."""
        self.go(self.position - 1)

    def go(self, position: int) -> None:
        """Go to a question by its place, from 0."""
        self.position = max(0, min(position, len(self.questions)))
        self._since = self.clock()

    def write_draft(self, text: str) -> None:
        """Keep a half-typed answer."""
        if not self.finished:
            self.here.draft = text

    # --- keeping it -------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Where one is, as plain data for JSON."""
        return {
            "name": self.name,
            "settings": dict(self.settings),
            "position": self.position,
            "questions": [
                {
                    "id": question.id,
                    "status": progress.status,
                    "draft": progress.draft,
                    "answers": [attempt.text for attempt in progress.attempts],
                    "hints": progress.hints,
                }
                for question, progress in zip(self.questions, self.progress, strict=True)
            ],
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take up a snapshot; a question that no longer exists is passed over.

        Answers are marked again, in order, so that a verdict is never older than the marker.
        """
        told, self.on_attempt = self.on_attempt, None
        by_id: dict[str, list[Mapping[str, Any]]] = {}
        for item in kept.get("questions", ()):
            by_id.setdefault(str(item.get("id")), []).append(item)
        for position, question in enumerate(self.questions):
            items = by_id.get(question.id)
            if not items:
                continue
            item = items.pop(0)
            self.position = position
            for text in item.get("answers", ()):
                self.answer(str(text))
            progress = self.progress[position]
            status = item.get("status")
            if status in ("right", "revealed", "skipped"):
                progress.status = status
            progress.draft = str(item.get("draft", ""))
            progress.hints = int(item.get("hints", 0))
        self.go(int(kept.get("position", 0)))
        self.on_attempt = told


def lesson(problem: Problem) -> Session:
    """The guided lesson of a problem: its parts in order, or else every step in pass order."""
    if problem.parts:
        questions = [
            Question(problem, kind, key, part, part.given)
            for part in problem.parts
            for kind, key in part.ask
        ]
    else:
        questions = [*_in_pass_order(problem)]
    return Session(problem.id, questions)


def _in_pass_order(problem: Problem) -> list[Question]:
    """Every step once, with its formula first where that kind of step is met for the first time."""
    met: set[str] = set()
    found = []
    terms_asked = problem.network.loss is not None and problem.network.loss.kind != "mse"
    for key, step in problem.solution.items():
        if key in problem.known or (key.startswith("each.L") and not terms_asked):
            continue
        if step.skill not in met and "@" not in key and has_words(step.node):
            met.add(step.skill)
            found.append(Question(problem, "formula", key))
        found.append(Question(problem, "value", key))
    return found
