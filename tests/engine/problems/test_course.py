"""The built-in lessons as a path: their chapters, and each of our own lessons played to its end."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest

from engine.language import LANGUAGES, use_language
from engine.marking.hints import RUNGS
from engine.practice.author_check import check_problem
from engine.practice.distinct import indistinguishable
from engine.practice.session import Session, lesson
from engine.problems.course import FIRST, TITLES, builtin_ids, chapters
from engine.problems.reading import load
from engine.problems.schema import decode
from tests.engine.answers import right


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """A test that speaks another language leaves none of it behind."""
    yield
    use_language("en")


OWN = [name for chapter in chapters()[:3] for name in chapter.lessons if "masha" not in name]
"""The lessons that are no exercise of the book."""

GUIDED = [name for name in builtin_ids() if load(name).parts]


def test_the_path_begins_small_and_goes_through_mashas_exercise_to_the_book() -> None:
    assert [chapter.name for chapter in chapters()] == [*TITLES]
    assert FIRST == "masha"
    assert builtin_ids()[0] == "one-neuron"
    assert builtin_ids().index(FIRST) == len(chapters()[0].lessons)


def test_every_lesson_stands_in_one_chapter() -> None:
    names = [name for chapter in chapters() for name in chapter.lessons]
    assert len(names) == len({*names})
    assert all(chapter.lessons for chapter in chapters())


@pytest.mark.parametrize("name", builtin_ids())
def test_a_title_is_the_first_thing_in_a_lessons_file(name: str) -> None:
    """The home screen reads no further than to the first table."""
    text = (files("assets") / "problems" / f"{name}.toml").read_text(encoding="utf-8")
    assert "\ntitle = " in text.partition("\n[")[0]


# --- our own lessons ------------------------------------------------------------------------------


def play(session: Session) -> None:
    """Every right answer, with whatever the screen shows of a question on the way."""
    while not session.finished:
        question = session.question
        assert question.text
        assert question.words
        rungs = question.hints()
        assert len(rungs) == RUNGS
        assert all(rungs)
        assert session.answer(right(question)).verdict == "right", question.id
        assert session.revelation().formula
        session.next()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDED)
def test_a_lesson_is_played_whole(name: str, language: str) -> None:
    use_language(language)
    session = lesson(load(name))
    play(session)
    assert all(progress.first_try for progress in session.progress)


@pytest.mark.parametrize("name", OWN)
def test_a_lesson_of_ours_has_six_to_fourteen_questions_each_asked_once(name: str) -> None:
    questions = [question.id for question in lesson(load(name)).questions]
    assert 6 <= len(questions) <= 14
    assert len(questions) == len({*questions})


@pytest.mark.parametrize("name", OWN)
def test_an_authors_check_finds_nothing_in_a_lesson_of_ours(name: str) -> None:
    assert check_problem(name).findings == []


@pytest.mark.parametrize("name", OWN)
def test_the_numbers_of_a_lesson_of_ours_hide_no_mistake(name: str) -> None:
    for question in lesson(load(name)).questions:
        assert indistinguishable(question.problem, question.key) == [], question.id


@pytest.mark.parametrize("name", builtin_ids())
def test_every_text_of_a_lesson_is_there_in_both_languages(name: str) -> None:
    data = (files("assets") / "problems" / f"{name}.toml").read_bytes()
    file = decode(data, name)
    texts = [file.title, file.intro, *(part.text for part in file.parts)]
    texts += [entry.erratum for entry in file.published if entry.erratum]
    for text in texts:
        assert isinstance(text, dict)
        assert all(text[language].strip() for language in LANGUAGES)
        assert text["en"] != text["ru"] or text["en"] in ("Adam", "RMSprop")
