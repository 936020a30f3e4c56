"""The line mode: the same session as in the app, line by line, for screen readers and scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.language import ntr, tr
from engine.practice.generator import QUIZ
from engine.practice.quiz import Quiz, resume_quiz
from engine.practice.session import lesson
from engine.records.recorder import Recorder
from tui.commands.common import FINE
from tui.line_player import LinePlayer
from tui.plain_end import say_closing, say_score
from tui.spoken import one_line
from tui.streams import say

if TYPE_CHECKING:
    from engine.practice.session import Session
    from engine.problems.problem import Problem
    from engine.records.places import Places

OPEN = ("open", "skipped")


def play_lesson(problem: Problem, places: Places, *, restart: bool = False) -> int:
    """The guided lesson of a problem, from where one stopped; the exit code."""
    kept = None if restart else places.load(problem.id)
    session = _resumed(lambda: lesson(problem), kept)
    say(problem.title)
    if problem.intro and not session.position and not session.answered:
        say(one_line(problem.intro))
    if session.finished:
        states = [progress.status for progress in session.progress]
        session.go(next((i for i, s in enumerate(states) if s in OPEN), session.position))
    _welcome(session, tr("You go on where you stopped; --restart begins anew."))
    player = LinePlayer(session, places, Recorder(places.database))
    if player.play():
        say_score(session)
        left = sum(1 for progress in session.progress if progress.status in OPEN)
        if left:
            say(
                ntr(
                    "{number} was left open: start the lesson again to go there.",
                    "{number} were left open: start the lesson again to go there.",
                    left,
                )
            )
        else:
            say(tr("The lesson is done. --restart begins it anew."))
    return FINE


def play_quiz(options: Mapping[str, Any], places: Places) -> int:
    """A quiz with the options of `new_quiz`; without any, the one that was left, or a new one."""
    recorder = Recorder(places.database)
    session: Quiz | None = None
    kept = None if options else places.load(QUIZ)
    if kept is not None:
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            session = resume_quiz(kept)
    if session is None or (session.finished and not session.secret):
        session = recorder.new_quiz(**options)
    say(tr("Quiz"))
    _welcome(session, tr("You go on with the quiz that you left; --seed begins another."))
    player = LinePlayer(session, places, recorder)
    if player.play():
        say_closing(session)
        places.forget(session.name)
    return FINE


def _resumed(begin: Callable[[], Session], kept: Mapping[str, Any] | None) -> Session:
    """The session where one stopped; from the beginning where what was kept makes no sense."""
    session = begin()
    try:
        session.restore(kept or {})
    except (AttributeError, KeyError, TypeError, ValueError):
        return begin()
    return session


def _welcome(session: Session, going_on: str) -> None:
    if session.position and not session.finished:
        say(going_on)
    if not session.finished:
        say(tr("Type a matrix on one line, such as 2 -1; 0 1. :help says what else there is."))
