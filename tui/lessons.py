"""The lessons for the home screen: titles and places, without reading any mathematics."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from engine.language import local
from engine.problems.course import chapters

if TYPE_CHECKING:
    from engine.records.places import Places


@dataclass(frozen=True, slots=True)
class LessonCard:
    """One built-in lesson, and how far the learner is in it."""

    id: str
    title: str
    chapter: str = ""
    """The chapter's title."""
    total: int = 0
    """The questions, once it was begun."""
    done: int = 0
    position: int = 0
    """The place one stopped at, from 0."""
    draft: str = ""
    """What was half typed there."""

    @property
    def begun(self) -> bool:
        """Whether a place in it is kept."""
        return self.total > 0

    @property
    def finished(self) -> bool:
        """Whether one was behind the last question."""
        return self.begun and self.total <= self.position


def read_lessons(places: Places) -> list[LessonCard]:
    """Every built-in lesson in the order of the path, with what is kept about it."""
    kept = places.all()
    return [
        _card(identity, chapter.title, kept.get(identity))
        for chapter in chapters()
        for identity in chapter.lessons
    ]


def next_lesson(cards: Sequence[LessonCard], identity: str) -> LessonCard | None:
    """The first lesson behind this one that isn't finished, then from the beginning."""
    here = next((place for place, card in enumerate(cards) if card.id == identity), -1)
    others = [*cards[here + 1 :], *cards[: max(here, 0)]]
    return next((card for card in others if not card.finished), None)


def _card(identity: str, chapter: str, snapshot: Mapping[str, Any] | None) -> LessonCard:
    title = local(_title(identity))
    questions = snapshot.get("questions", ()) if snapshot else ()
    if not snapshot or not questions:
        return LessonCard(identity, title, chapter)
    position = int(snapshot.get("position", 0))
    done = sum(1 for question in questions if question.get("status") in ("right", "revealed"))
    here = questions[position] if 0 <= position < len(questions) else {}
    draft = str(here.get("draft", "")) if here.get("status") == "open" else ""
    return LessonCard(identity, title, chapter, len(questions), done, position, draft)


@cache
def _title(identity: str) -> str | Mapping[str, str]:
    """The title, from what stands above the file's first table: the whole would take too long."""
    text = (files("assets") / "problems" / f"{identity}.toml").read_text(encoding="utf-8")
    title: str | Mapping[str, str] = tomllib.loads(text.partition("\n[")[0])["title"]
    return title
