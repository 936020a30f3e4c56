"""What came of a quiz: the score, and each item that was missed with its misconceptions."""

from __future__ import annotations

from dataclasses import dataclass

from engine.practice.question import Progress
from engine.practice.quiz import Quiz
from engine.practice.spotting import Spot


@dataclass(frozen=True, slots=True)
class Missed:
    """An item that wasn't right at the first try that counted, without a hint.

    Of an exam one whose last answer wasn't right.
    """

    place: int
    """The item's place in the quiz, from 0."""
    keys: tuple[str, ...]
    """What was missed: of a whole pass the steps, else the one quantity."""
    skill: str
    tags: tuple[str, ...]
    """The misconceptions met there and when it came back, each once."""
    mended: bool
    """Right at once when it came back."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a quiz."""

    score: int
    """The items that weren't missed."""
    length: int
    missed: tuple[Missed, ...]

    @property
    def tags(self) -> dict[str, int]:
        """The misconceptions met, the most frequent first, with how many items each spoilt."""
        found: dict[str, int] = {}
        for missed in self.missed:
            for tag in missed.tags:
                found[tag] = found.get(tag, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def summary(quiz: Quiz) -> Summary:
    """The score, and each item missed, with what went wrong there.

    What came back at the end isn't in the score.
    """
    found = (_missed(quiz, place) for place in range(quiz.length))
    missed = tuple(each for each in found if each is not None)
    return Summary(quiz.length - len(missed), quiz.length, missed)


def _missed(quiz: Quiz, place: int) -> Missed | None:
    lost = [at for at in quiz.positions(place) if not _is_known(quiz, quiz.progress[at])]
    if not lost:
        return None
    item, behind = quiz.items[place], [*quiz.repeats]
    again = [
        quiz.progress[at]
        for number, (of, _) in enumerate(behind)
        if of == place
        for at in quiz.positions(quiz.length + number)
    ]
    tries = [*(quiz.progress[at] for at in quiz.positions(place)), *again]
    tags = dict.fromkeys(tag for progress in tries for tag in _tags(progress))
    if isinstance(item, Spot):
        tags.setdefault(item.mistake.tag)  # what was not found, or not mended
    keys = tuple(dict.fromkeys(quiz.questions[at].key for at in lost))
    mended = bool(again) and all(progress.first_try for progress in again)
    return Missed(place, keys, item.skill, tuple(tags), mended)


def _is_known(quiz: Quiz, progress: Progress) -> bool:
    return progress.status == "right" if quiz.exam else progress.first_try


def _tags(progress: Progress) -> list[str]:
    named = (attempt.mark.misconception for attempt in progress.attempts)
    return [each.tag for each in named if each]
