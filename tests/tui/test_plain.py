"""The line mode: lessons and quizzes played through stdin, to the end and in pieces."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.expression.node import names
from engine.language import use_language
from engine.marking.hints import answer_text
from engine.practice.quiz import new_quiz
from engine.practice.session import Question, lesson
from engine.problems.reading import load
from engine.records.places import open_places
from tui.command_line import main
from tui.shown import use_decimal_comma

LESSONS = ["masha", "masha-logistic", "masha-pass-order"]
PROMPT = re.compile(r"^((?:formula |choice |shape |spot )?[\w.@]+)> $", re.MULTILINE)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test depends on the machine's language, nor changes the next one's."""
    monkeypatch.setenv("BACKHAND_DEBUG", "1")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    use_language("en")


class Learner(io.TextIOBase):
    """A standard input that looks at what was printed before each line."""

    def __init__(self, see: Callable[[], str], reply: Callable[[str], str | None]) -> None:
        self.see, self.reply = see, reply

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        line = self.reply(self.see())
        return "" if line is None else f"{line}\n"


class Play:
    """Runs the line mode against a learner; keeps everything that was printed."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        self.shown = ""
        self.complaints = ""

    def _see(self) -> str:
        captured = self.capsys.readouterr()
        self.shown += captured.out
        self.complaints += captured.err
        return captured.out

    def __call__(self, words: Sequence[str], reply: Callable[[str], str | None]) -> int:
        """The exit code; `reply` gets what was printed since its last line, None ends the input."""
        self.shown = self.complaints = ""
        self.monkeypatch.setattr(sys, "stdin", Learner(self._see, reply))
        code = main([*words, "--plain", "--data-dir", str(self.folder)])
        self._see()
        return code

    def lines(self, words: Sequence[str], lines: Iterable[str]) -> int:
        """The same with lines that are known before."""
        waiting = iter(lines)
        return self(words, lambda shown: next(waiting, None))


@pytest.fixture
def play(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Play:
    return Play(tmp_path, monkeypatch, capsys)


def right(question: Question) -> str:
    """The right answer as one types it."""
    if question.task is not None:
        return str(question.task.right + 1)
    if question.kind == "formula":
        return question.problem.solution.formula(question.key)
    return answer_text(question.problem, question.key)


def wrong(question: Question) -> str:
    """An answer of the right shape that isn't right."""
    if question.task is not None:
        return str((question.task.right + 1) % question.task.count + 1)
    if question.kind == "formula":
        return f"3*({right(question)})"
    rows, columns = question.shape or (1, 1)
    return "; ".join(" ".join(["77.25"] * columns) for _ in range(rows))


def asked(shown: str) -> str:
    """The question's id in the prompt that the output ends in."""
    found = PROMPT.findall(shown)
    assert found, shown
    assert shown.endswith(f"{found[-1]}> ")
    return str(found[-1])


@pytest.mark.parametrize("identity", LESSONS)
def test_a_lesson_is_played_rightly_to_its_end(identity: str, play: Play) -> None:
    questions = lesson(load(identity)).questions
    waiting = iter(questions)

    def reply(shown: str) -> str:
        question = next(waiting)
        assert asked(shown) == question.id
        return right(question)

    assert play(["lesson", identity], reply) == 0
    assert next(waiting, None) is None
    count = len(questions)
    assert f"{count} of {count} questions right at the first try." in play.shown
    assert play.shown.count("✓") == count
    assert "✗" not in play.shown


@pytest.mark.parametrize("identity", LESSONS)
def test_every_question_answered_wrongly_first_is_asked_again(identity: str, play: Play) -> None:
    questions = lesson(load(identity)).questions
    tries = ((question, text) for question in questions for text in (wrong, right))

    def reply(shown: str) -> str:
        question, text = next(tries)
        assert asked(shown) == question.id
        assert ("✗" in shown) == (text is right)
        return text(question)

    assert play(["lesson", identity], reply) == 0
    assert next(tries, None) is None
    assert f"0 of {len(questions)} questions right at the first try." in play.shown


@pytest.mark.parametrize("identity", LESSONS)
def test_everything_can_be_revealed(identity: str, play: Play) -> None:
    questions = lesson(load(identity)).questions
    assert play.lines(["lesson", identity], [":reveal"] * len(questions)) == 0
    for question in questions:
        assert f"\n{question.id} = {right(question)}\n" in play.shown
    assert f"{len(questions)} were shown." in play.shown


@pytest.mark.parametrize("identity", LESSONS)
def test_no_right_value_is_shown_before_it_was_answered(identity: str, play: Play) -> None:
    problem = load(identity)
    questions = lesson(problem).questions
    waiting = iter(questions)
    open_to_all = {*problem.network.values, *problem.known}
    done: set[str] = set()

    def reply(shown: str) -> str:
        question = next(waiting)
        question_text = shown.rpartition("\n\n")[2]
        keys = set(re.findall(r"^(?:d = )?([\w.@]+) = ", question_text, re.MULTILINE))
        assert keys <= open_to_all | done | set(question.given)
        if question.kind == "value" and question.key not in done:
            assert question.key not in keys
        if question.kind == "value":
            done.add(question.key)
        return right(question)

    assert play(["lesson", identity], reply) == 0


def test_parts_are_announced_before_their_questions(play: Play) -> None:
    play.lines(["lesson", "masha"], ["X·W1"])
    before, _, behind = play.shown.partition("\npart а\n")
    assert "> " not in before
    assert "first layer is linear" in behind.partition("formula H1> ")[0]
    assert "part а" not in behind


def test_what_is_known_can_be_read_aloud(play: Play) -> None:
    play.lines(["lesson", "masha"], [])
    assert "\nX = 1 2; -1 2\nW1 = 1 -1; 0.5 0\n" in play.shown


def test_the_gradient_that_arrives_is_called_d(play: Play) -> None:
    play.lines(["lesson", "masha"], [":skip", ":skip", ":skip"])
    assert "\nd = grad.H1 = -0.5 0; 0 0\n" in play.shown


def test_the_note_about_the_book_comes_when_the_value_is_known(play: Play) -> None:
    seen = []

    def reply(shown: str) -> str | None:
        seen.append(shown)
        return [":reveal", "2 -1; 0 1", None][len(seen) - 1]  # type: ignore[list-item]

    play(["lesson", "masha"], reply)
    assert "The book prints" not in seen[1]
    assert "The source prints H1 = 2 -0.5; 0 1" in seen[2]
    assert "The book prints -0.5 in row 1, column 2." in seen[2]


def test_the_strict_derivative_is_called_by_its_name(play: Play) -> None:
    place = [question.id for question in lesson(load("masha")).questions].index("grad.yhat")
    play.lines(["lesson", "masha"], [*[":skip"] * place, "-0.5; 0"])
    assert "derivative of the mean" in play.shown


def test_two_digits_are_enough_in_the_second_half(play: Play) -> None:
    questions = [question.id for question in lesson(load("masha-logistic")).questions]
    lines = [":skip"] * questions.index("p") + ["0.73; 0.73"]
    lines += [":skip"] * (questions.index("local.yhat") - len(lines)) + ["0.2; 0.2"]
    play.lines(["lesson", "masha-logistic"], lines)
    assert play.shown.count("✓") == 2


def test_a_lesson_goes_on_where_it_stopped(play: Play) -> None:
    assert play.lines(["lesson"], ["X·W1", "2 -0.5; 0 1"]) == 0
    assert play.lines(["lesson"], ["2 -1; 0 1"]) == 0
    assert "You go on where you stopped" in play.shown
    assert PROMPT.findall(play.shown)[0] == "H1"
    assert play.lines(["lesson"], [":quit", "never read"]) == 0
    assert PROMPT.findall(play.shown) == ["local.X"]
    with open_places(play.folder) as places:
        latest = places.latest()
    assert latest is not None
    assert latest[0] == "masha"
    assert latest[1]["questions"][1]["answers"] == ["2 -0.5; 0 1", "2 -1; 0 1"]


def test_an_earlier_mistake_is_remembered_at_the_next_start(play: Play) -> None:
    play.lines(["lesson"], ["X·W1", "2 1; 0 1", ":skip", ":skip", ":skip", ":skip", ":skip"])
    play.lines(["lesson"], ["2 1; 0 1"])
    assert "◐ right for what you entered before" in play.shown


def test_a_restart_begins_anew(play: Play) -> None:
    play.lines(["lesson"], ["X·W1"])
    play.lines(["lesson", "--restart"], [])
    assert PROMPT.findall(play.shown) == ["formula H1"]
    play.lines(["lesson"], [])
    assert PROMPT.findall(play.shown) == ["formula H1"]


def test_what_was_skipped_is_asked_at_the_next_start(play: Play) -> None:
    count = len(lesson(load("masha-logistic")).questions)
    play.lines(["lesson", "masha-logistic"], [":reveal", ":skip", *[":reveal"] * (count - 2)])
    assert "1 was left open" in play.shown
    play.lines(["lesson", "masha-logistic"], ["0.73; 0.73"])
    assert PROMPT.findall(play.shown)[0] == "p"


def test_a_finished_lesson_says_so_and_how_to_begin_anew(play: Play) -> None:
    count = len(lesson(load("masha-logistic")).questions)
    play.lines(["lesson", "masha-logistic"], [":reveal"] * count)
    assert play.lines(["lesson", "masha-logistic"], ["never read"]) == 0
    assert not PROMPT.findall(play.shown)
    assert "--restart" in play.shown


def test_one_can_go_back_look_and_go_on_with_an_empty_line(play: Play) -> None:
    play.lines(["lesson"], ["X·W1", "2 -1; 0 1", ":back", "", ":back", ":back", ":back"])
    assert PROMPT.findall(play.shown) == [
        *("formula H1", "H1", "local.X", "H1", "local.X", "H1", "formula H1", "formula H1")
    ]
    assert "This one is done: 2 -1; 0 1." in play.shown


def test_hints_come_one_by_one_and_open_after_a_try(play: Play) -> None:
    play.lines(["lesson"], [":skip", ":hint", ":hint", "7 7; 7 7", ":hint"])
    assert play.shown.count("Hint: ") == 2
    assert "the next hint opens after a try" in play.shown
    assert "Shapes: X 2x2" in play.shown


def test_where_tells_the_place_and_everything_known(play: Play) -> None:
    play.lines(["lesson"], [":where"])
    where = play.shown.partition("formula H1> ")[2]
    assert "Question 1 of" in where
    assert "gamma = 1\n" in where
    assert "H1 = " not in where


def test_the_help_names_every_command(play: Play) -> None:
    play.lines(["lesson"], [":help"])
    for command in (":hint", ":reveal", ":back", ":skip", ":where", ":quit"):
        assert command in play.shown


@pytest.mark.parametrize("line", [":", ":reveal now", ":exit", "", "   "])
def test_a_line_that_says_nothing_costs_nothing(line: str, play: Play) -> None:
    play.lines(["lesson"], [line, "X·W1"])
    with open_places(play.folder) as places:
        kept = places.load("masha")
    assert kept is not None
    assert kept["questions"][0]["answers"] == ["X·W1"]
    assert PROMPT.findall(play.shown) == ["formula H1", "formula H1", "H1"]


def test_control_characters_and_long_lines_are_answered(play: Play) -> None:
    assert play.lines(["lesson"], ["\x1b[2J\x00", "9" * 200_000, "🙂", "\ud800"]) == 0
    assert PROMPT.findall(play.shown) == ["formula H1"] * 5
    assert "\x1b" not in play.shown


@pytest.mark.parametrize("content", [b"not a database", b""])
def test_a_store_that_is_damaged_does_not_stop_the_lesson(content: bytes, play: Play) -> None:
    with open_places(play.folder) as places:
        path = places.path
    path.write_bytes(content)
    assert play.lines(["lesson"], ["X·W1", "2 -1; 0 1"]) == 0
    assert PROMPT.findall(play.shown) == ["formula H1", "H1", "local.X"]
    assert "Traceback" not in play.complaints


def test_a_store_that_cannot_be_opened_is_told_about_once(play: Play) -> None:
    play.folder /= "file"
    play.folder.write_text("in the way", encoding="utf-8")
    assert play.lines(["lesson"], ["X·W1", "2 -1; 0 1"]) == 0
    assert PROMPT.findall(play.shown) == ["formula H1", "H1", "local.X"]
    assert play.complaints.count(str(play.folder)) == 1


@pytest.mark.parametrize(
    "kept",
    [
        {"questions": 7},
        {"questions": [1, 2]},
        {"questions": [{"id": "H1", "answers": 5}]},
        {"position": "x"},
        {"position": 10**9, "questions": []},
        {"position": -3},
    ],
)
def test_a_snapshot_that_makes_no_sense_begins_anew(kept: dict[str, object], play: Play) -> None:
    with open_places(play.folder) as places:
        places.save("masha", kept)
    assert play.lines(["lesson"], []) == 0
    assert PROMPT.findall(play.shown) == ["formula H1"]


def test_a_teachers_file_is_played_without_parts(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'format = 1\nid = "own"\ntitle = "Own"\n[values]\nX = [[1, 2]]\nW = [[3], [4]]\n'
        '[[forward]]\nlayer = "linear"\nweight = "W"\nto = "H"\n',
        encoding="utf-8",
    )
    assert play.lines(["lesson", str(path)], ["X W", "11"]) == 0
    assert "2 of 2 questions right at the first try." in play.shown


def test_the_line_mode_speaks_russian_but_its_prompts_stay(play: Play) -> None:
    play.lines(["lesson", "--lang", "ru"], [":reveal"])
    assert "\npart а\n" in play.shown
    assert PROMPT.findall(play.shown) == ["formula H1", "H1"]
    assert "Первый слой — линейный." in play.shown


# --- the quiz -------------------------------------------------------------------------------------


def test_a_whole_quiz_is_played(play: Play) -> None:
    questions = new_quiz(length=10, seed=3).questions
    waiting = iter(questions)

    def reply(shown: str) -> str:
        question = next(waiting)
        assert asked(shown) == question.id
        return right(question)

    assert play(["quiz", "--seed", "3"], reply) == 0
    assert "10 of 10 questions right at the first try." in play.shown


@pytest.mark.parametrize("seed", [3, 4])
def test_a_wrong_answer_of_every_kind_is_explained_and_asked_again(seed: int, play: Play) -> None:
    questions = new_quiz(length=10, seed=seed).questions
    lines = [text for question in questions for text in (wrong(question), right(question))]
    play.lines(["quiz", "--seed", str(seed)], lines)
    for question in questions:
        assert play.shown.count(f"{question.id}> ") >= 2
    assert play.shown.count("✗ ") == len(questions)
    mended = [question for question in questions if question.mends]
    assert mended
    assert all(question.afterword in play.shown for question in mended)


EXAM = ["quiz", "--seed", "3", "--length", "6", "--exam"]


def test_an_exam_says_nothing_before_the_end(play: Play) -> None:
    questions = new_quiz(length=6, seed=3, exam=True).questions
    lines = [wrong(questions[0]), ":hint", ":reveal", *map(right, questions[1:]), ""]
    assert play.lines(EXAM, lines) == 0
    before, _, after = play.shown.partition("5 of 6 questions right.")
    assert after
    assert "To look at again" in after
    assert not {"✗", "✓", "Hint:"} & {*before.split()}
    assert before.count("Noted.") == 6
    assert "Every question is answered." in before


def test_in_an_exam_one_goes_back_before_handing_in(play: Play) -> None:
    questions = new_quiz(length=6, seed=3, exam=True).questions
    lines = [wrong(questions[0]), ":skip", *map(right, questions[2:])]
    lines += ["7", "2", right(questions[1]), "", "", "", "", ":back", ":back", *[""] * 2, "1"]
    lines += [right(questions[0]), *[""] * 6]
    assert play.lines(EXAM, lines) == 0
    assert "Left open: 2." in play.shown
    assert "Noted: " in play.shown
    assert "6 of 6 questions right." in play.shown


def test_an_exam_that_was_left_before_handing_in_goes_on_there(play: Play) -> None:
    questions = new_quiz(length=6, seed=3, exam=True).questions
    play.lines(EXAM, [*map(right, questions), ":quit"])
    assert "questions right" not in play.shown
    assert play.lines(["quiz"], [""]) == 0
    assert "6 of 6 questions right." in play.shown


def test_a_whole_pass_is_done_step_by_step(play: Play) -> None:
    questions = new_quiz("pass.mse", length=1, seed=3).questions
    words = ["quiz", "--skill", "pass.mse", "--length", "1", "--seed", "3"]
    assert play.lines(words, map(right, questions)) == 0
    for number in range(1, len(questions) + 1):
        assert f"Step {number} of {len(questions)} of a whole pass" in play.shown
    assert "1 of 1 question right at the first try." in play.shown


def test_what_was_missed_in_a_quiz_is_named_and_comes_back(play: Play) -> None:
    quiz = new_quiz(length=3, seed=5)
    missed = quiz.questions[0]
    quiz.answer(wrong(missed))
    again = quiz.questions[3]
    lines = [wrong(missed), *(right(question) for question in quiz.questions[:3]), right(again)]
    assert play.lines(["quiz", "--seed", "5", "--length", "3"], lines) == 0
    assert "2 of 3 questions right at the first try." in play.shown
    assert "To look at again:\n1. " in play.shown


def test_a_quiz_that_was_left_goes_on(play: Play) -> None:
    play.lines(["quiz", "--seed", "3", "--length", "2"], [":reveal"])
    left = PROMPT.findall(play.shown)[-1]
    play.lines(["quiz"], [])
    assert PROMPT.findall(play.shown) == [left]
    play.lines(["quiz"], [":reveal"] * 12)
    assert "0 of 2" in play.shown
    with open_places(play.folder) as places:
        assert places.load("quiz") is None


def test_everything_that_a_quiz_question_needs_is_shown(play: Play) -> None:
    for seed in range(12):
        shown = []

        def reply(text: str, shown: list[str] = shown) -> str:
            shown.append(text)
            return ":skip"

        assert play(["quiz", "--seed", str(seed), "--length", "6"], reply) == 0
        for question, text in zip(new_quiz(length=6, seed=seed).questions, shown, strict=True):
            if question.kind in ("shape", "spot"):
                continue
            network = question.problem.network
            given = {*network.values, *question.given}
            for key in names(question.problem.solution[question.key].node):
                assert key not in given or f"{key} = " in text


# --- in a process of its own ----------------------------------------------------------------------


def test_prompts_arrive_before_the_answer_is_typed(tmp_path: Path) -> None:
    """Through pipes, where nothing arrives unless it is flushed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "lesson", "--plain", "--data-dir", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "LANG": "C"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for prompt, answer in (("formula H1> ", "X @ W1"), ("H1> ", "2 -1; 0 1")):
            seen = ""
            while not seen.endswith(prompt):
                character = process.stdout.read(1)
                assert character, seen
                seen += character
            process.stdin.write(f"{answer}\n")
            process.stdin.flush()
        process.stdin.close()
        assert "local.X> " in process.stdout.read()
    assert process.returncode == 0


def test_the_line_mode_takes_up_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('language = "ru"\ndecimal_comma = true\nodd = 1\n')
    monkeypatch.setattr("sys.stdin", io.StringIO(":reveal\n"))
    assert main(["lesson", "masha", "--plain", "--data-dir", str(tmp_path)]) == 0
    use_decimal_comma(False)
    captured = capsys.readouterr()
    assert "Сеть Маши" in captured.out
    assert "W1 = 1 -1; 0,5 0" in captured.out
    assert "odd" in captured.err


def test_a_language_on_the_command_line_goes_before_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('language = "ru"\n')
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    main(["--lang", "en", "lesson", "masha", "--plain", "--data-dir", str(tmp_path)])
    assert "Masha's network" in capsys.readouterr().out


def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, *lines: str) -> list[str]:
    """What the line mode says to these lines, in the founding lesson."""
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    main(["lesson", "masha", "--plain", "--data-dir", str(tmp_path)])
    text: str = capsys.readouterr().out
    return text.splitlines()


def test_a_reveal_works_out_every_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(tmp_path, monkeypatch, capsys, "X@W1", ":reveal")
    at = lines.index("H1 = 2 -1; 0 1")
    assert lines[at + 1 : at + 6] == [
        "By the formula H₁ = X·W₁",
        "Row 1, column 1: 1·1 + 2·0.5 = 2",
        "Row 1, column 2: 1·(-1) + 2·0 = -1",
        "Row 2, column 1: (-1)·1 + 2·0.5 = 0",
        "Row 2, column 2: (-1)·(-1) + 2·0 = 1",
    ]


def test_why_explains_the_answer_before_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(tmp_path, monkeypatch, capsys, ":why", "X@W1", "2 -1; 0 1", ":why 1 2", ":why 3 1")
    assert "Nothing is answered yet." in lines
    at = lines.index("By the formula H₁ = X·W₁")
    assert lines[at + 1 : at + 3] == [
        "Row 1, column 2: 1·(-1) + 2·0 = -1",
        "NumPy, PyTorch: H1 = X @ W1",
    ]
    assert "A cell is asked for by its row and column, up to :why 2 2." in lines


def test_why_holds_a_gradient_against_a_nudge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(tmp_path, monkeypatch, capsys, *[":reveal"] * 5, ":why")
    assert "That is a slope of -0.5; the gradient is -0.5." in lines
    assert any(line.startswith("X, row 1, column 1: with 0.001 more") for line in lines)
