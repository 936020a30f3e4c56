"""Recording: every answer is in the log, on disk, before anybody sees its verdict.

Where the file can't be written practice goes on: the answers wait in memory, each further one tries
to write them all, and `Recorder.trouble` says what is wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import engine
from engine.language import ntr, tr
from engine.marking.mark import FREE
from engine.practice.mastery import Standing
from engine.records.connection import RecordsError
from engine.records.database import Database
from engine.records.derived import Derived, append, read_standings
from engine.records.events import ATTEMPT, REVEALED, WHOLE, Event, kept_text, new_id
from engine.records.transfer import write_export

if TYPE_CHECKING:
    from engine.practice.quiz import Quiz
    from engine.practice.session import Attempt, Session


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


by_chance: Callable[[int], int] = SystemRandom().randrange
"""A whole number below another one."""


class Recorder:
    """Writes a session's answers into the log; see the module's text."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = utc_now,
        chance: Callable[[int], int] = by_chance,
    ) -> None:
        """`chance` gives a whole number below another one, for what a quiz asks."""
        self.database = database
        self.trouble = ""
        """What is wrong with the file, in the learner's language, or nothing."""
        self.unwritten: list[Event] = []
        """The answers that the file doesn't have yet, in order."""
        self.now = now
        self.chance = chance

    def new_quiz(
        self, skill: str | None = None, length: int = 10, seed: int | None = None, **options: Any
    ) -> Quiz:
        """A quiz, recorded, of what helps most now; with a seed the same items for everybody.

        Further options are those of `engine.practice.quiz.new_quiz`, and so are the errors.
        """
        from engine.practice.draw import Draw
        from engine.practice.planning import plan
        from engine.practice.quiz import SEEDS, new_quiz

        if seed is not None:
            quiz = new_quiz(skill, length, seed, **options)
        else:
            seed = self.chance(SEEDS)
            planned = plan(self.standings(), length, self.now(), Draw("ask", seed), skill)
            quiz = new_quiz(skill, length, seed, plan=planned, **options)
        self.attach(quiz)
        return quiz

    def attach(self, session: Session) -> None:
        """Record every answer of a session from here on."""
        session.on_attempt = self.record

    def record(self, session: Session, attempt: Attempt | None) -> None:
        """Record the answer just marked, or, where it is None, that the right one was shown.

        With the last step of a whole pass it is recorded, in one transaction, what came of it all.
        """
        event = _event(session, attempt, self.now())
        self.unwritten.append(event)
        if event.first and session.question.whole:
            self.unwritten += _whole(session, event)
        self.write()

    def write(self) -> None:
        """Write what is waiting; where that fails it goes on waiting, and `trouble` says why."""
        if not self.unwritten:
            return
        try:
            self.database.write(lambda connection: append(connection, self.unwritten))
        except RecordsError as error:
            self.trouble = tr(
                "Your answers can't be recorded now: {cause}. They are kept until you leave, "
                "and can be exported.",
                cause=error,
            )
            return
        self.unwritten.clear()
        self.trouble = ""
        self.database.back_up_daily(_day(self.now()))

    def finish(self) -> str:
        """Try once more; in words what is lost when the learner leaves now, or nothing."""
        self.write()
        if not self.unwritten:
            return ""
        return ntr(
            "{number} answer could not be recorded.",
            "{number} answers could not be recorded.",
            len(self.unwritten),
        )

    def standings(self) -> Mapping[str, Standing]:
        """How the learner stands at each skill; where the file can't be read, since the start."""

        def read(connection: sqlite3.Connection) -> dict[str, Standing]:
            derived = Derived(connection, read_standings(connection))
            return _followed(derived, self.unwritten)

        try:
            return self.database.read(read)
        except RecordsError:
            return _followed(Derived(), self.unwritten)

    def export(self, path: Path) -> int:
        """Export everything, what isn't written too; how many events. Raises `OSError`."""
        waiting = self.unwritten
        with suppress(RecordsError):
            return self.database.read(lambda connection: write_export(path, connection, waiting))
        return write_export(path, None, waiting)


def _followed(derived: Derived, events: Sequence[Event]) -> dict[str, Standing]:
    for event in events:
        derived.follow(event)
    return derived.standings


def _day(now: datetime) -> date:
    """The learner's day."""
    return now.astimezone().date()


def _event(session: Session, attempt: Attempt | None, now: datetime) -> Event:
    question, here = session.question, session.here
    mark = attempt.mark if attempt else None
    untried = here.tries == 1 and here.status != "revealed" if mark else True
    counts = mark is None or mark.verdict not in FREE
    return Event(
        new_id(),
        ATTEMPT,
        now.isoformat(timespec="seconds"),
        _day(now).isoformat(),
        engine.__version__,
        session=session.name,
        problem=question.recorded_problem,
        key=question.key,
        kind=question.recorded_kind,
        skill=question.skill,
        level=question.level,
        seed=question.seed,
        typed=kept_text(attempt.text) if attempt else "",
        verdict=mark.verdict if mark else REVEALED,
        misconception=mark.misconception.tag if mark and mark.misconception else "",
        hints=here.hints,
        revealed=attempt is not None and here.status == "revealed",
        seconds=round(attempt.seconds, 3) if attempt else None,
        first=untried and counts,
    )


def _whole(session: Session, last: Event) -> list[Event]:
    """That a whole pass is done, once every step was answered or shown."""
    whole = session.question.whole
    assert whole is not None
    steps = [
        progress
        for question, progress in zip(session.questions, session.progress, strict=True)
        if question.whole is whole
    ]
    if not all(progress.tries or progress.status == "revealed" for progress in steps):
        return []
    known = all(progress.known for progress in steps)
    seconds = sum(attempt.seconds for progress in steps for attempt in progress.attempts)
    return [
        Event(
            new_id(),
            WHOLE,
            last.at,
            last.day,
            last.version,
            session=last.session,
            problem=last.problem,
            kind=last.kind,
            skill=whole.skill,
            level=last.level,
            seed=last.seed,
            verdict="right" if known else "wrong",
            seconds=round(seconds, 3),
            first=True,
        )
    ]
