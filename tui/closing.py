"""What a quiz's closing page says, in the app and line by line: what went well, what didn't."""

from __future__ import annotations

from typing import NamedTuple

from engine.language import ntr, tr
from engine.practice.mistakes import mistake_title
from engine.practice.quiz import Quiz
from engine.practice.spotting import Spot
from engine.practice.summary import Missed, Summary, summary
from engine.practice.titles import skill_title


class MissedWords(NamedTuple):
    """One item that was missed."""

    number: int
    """Its place in the quiz, from 1."""
    title: str
    """Its skill, and what was missed."""
    why: str
    """The misconceptions by name, or what else became of it."""
    mended: bool
    """Right at once when it came back."""


class MistakeWords(NamedTuple):
    """One misconception that was met."""

    title: str
    times: int
    """How many items it spoilt."""
    message: str
    """What was done and where to look."""


class Closing(NamedTuple):
    """The parts of the page, each in the learner's language."""

    score: str
    known: tuple[bool, ...]
    """Of each item whether it wasn't missed."""
    well: tuple[str, ...]
    """The skills known at once, each once."""
    missed: tuple[MissedWords, ...]
    mistakes: tuple[MistakeWords, ...]
    """The misconceptions by name, the most frequent first."""


def closing(quiz: Quiz) -> Closing:
    """What there is to say at the end of a quiz."""
    result = summary(quiz)
    lost = {missed.place for missed in result.missed}
    known = tuple(place not in lost for place in range(quiz.length))
    well = dict.fromkeys(
        skill_title(item.skill) for item, good in zip(quiz.items, known, strict=False) if good
    )
    missed = tuple(_missed_words(quiz, missed) for missed in result.missed)
    messages = _messages(quiz)
    mistakes = tuple(
        MistakeWords(mistake_title(tag), times, messages.get(tag, ""))
        for tag, times in result.tags.items()
    )
    return Closing(_score(quiz, result), known, tuple(well), missed, mistakes)


def _score(quiz: Quiz, result: Summary) -> str:
    if quiz.exam:
        return ntr(
            "{right} of {number} question right.",
            "{right} of {number} questions right.",
            result.length,
            right=result.score,
        )
    return ntr(
        "{right} of {number} question right at the first try.",
        "{right} of {number} questions right at the first try.",
        result.length,
        right=result.score,
    )


def _messages(quiz: Quiz) -> dict[str, str]:
    """What there is to say about each misconception met, as it was said where it was met first."""
    found: dict[str, str] = {}
    for progress in quiz.progress:
        for attempt in progress.attempts:
            named = attempt.mark.misconception
            if named is not None:
                found.setdefault(named.tag, named.message)
    for item in quiz.items:
        if isinstance(item, Spot):
            found.setdefault(item.mistake.tag, item.mistake.message)
    return found


def _missed_words(quiz: Quiz, missed: Missed) -> MissedWords:
    own = [quiz.progress[position] for position in quiz.positions(missed.place)]
    if missed.tags:
        why = "; ".join(mistake_title(tag) for tag in missed.tags)
    elif all(progress.status == "right" for progress in own):
        why = tr("right with more than one try or a hint")
    elif any(progress.attempts for progress in own):
        why = tr("not right")
    elif quiz.exam or any(progress.status in ("open", "skipped") for progress in own):
        why = tr("left open")
    else:
        why = tr("shown")
    symbol = quiz.items[missed.place].problem.solution.symbol
    symbols = ", ".join(map(symbol, missed.keys))
    title = tr("{skill}, {symbol}", skill=skill_title(missed.skill), symbol=symbols)
    return MissedWords(missed.place + 1, title, why, missed.mended)
