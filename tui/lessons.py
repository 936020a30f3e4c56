"""The list of lessons for the home screen: titles and places, without reading any mathematics."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from engine.language import local

if TYPE_CHECKING:
    from engine.records.places import Places


@dataclass(frozen=True, slots=True)
class LessonCard:
    """One built-in lesson, and how far the learner is in it."""

    id: str
    title: str
    total: int
    """The questions, as far as they are known without solving the problem; otherwise 0."""
    done: int = 0
    position: int = 0
    """The place one stopped at, from 0."""
    draft: str = ""
    """What was half typed there."""
    begun: bool = False

    @property
    def finished(self) -> bool:
        """Whether one was behind the last question."""
        return self.begun and 0 < self.total <= self.position


def read_lessons(places: Places) -> list[LessonCard]:
    """Every built-in lesson in its order, with what is kept about it."""
    folder = files("assets") / "problems"
    identities = (folder / "order.txt").read_text(encoding="utf-8").split()
    kept = places.all()
    return [
        _card(identity, (folder / f"{identity}.toml").read_text(encoding="utf-8"), kept)
        for identity in identities
    ]


def _card(identity: str, text: str, kept: Mapping[str, Mapping[str, Any]]) -> LessonCard:
    table = tomllib.loads(text)
    title = local(table.get("title", identity))
    asked = sum(len(part.get("ask", ())) for part in table.get("parts", ()))
    snapshot = kept.get(identity)
    questions = snapshot.get("questions", ()) if snapshot else ()
    if not snapshot or not questions:
        return LessonCard(identity, title, asked)
    position = int(snapshot.get("position", 0))
    done = sum(1 for question in questions if question.get("status") in ("right", "revealed"))
    here = questions[position] if 0 <= position < len(questions) else {}
    draft = str(here.get("draft", "")) if here.get("status") == "open" else ""
    return LessonCard(identity, title, len(questions), done, position, draft, begun=True)
