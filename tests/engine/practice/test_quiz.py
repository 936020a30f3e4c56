"""The quiz: what it asks, what comes back, how it is kept, what it says at the end."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from engine.expression.evaluate import evaluate
from engine.marking.misconceptions import variants
from engine.practice.choices import Choice
from engine.practice.mixing import KINDS
from engine.practice.planning import Planned
from engine.practice.quiz import STEP_SKILLS, Quiz, drawn, new_quiz, resume_quiz
from engine.practice.reasons import Reason
from engine.practice.session import HINT_PAUSE, Question
from engine.practice.skills import SKILLS, UnknownSkillError
from engine.practice.summary import summary
from tests.engine.answers import right, typed, wrong


def _mistaken(question: Question, tag: str) -> str:
    solution = question.problem.solution
    variant = next(v for v in variants(solution, question.key) if v.tag == tag)
    return typed(evaluate(variant.node, solution.numbers))


def _play_right(quiz: Quiz) -> None:
    while not quiz.finished:
        assert quiz.answer(right(quiz.question)).accepted, quiz.question.id
        quiz.next()


def test_a_quiz_asks_ten_items_of_ten_skills_in_every_kind() -> None:
    for seed in range(20):
        quiz = new_quiz(seed=seed)
        assert len(quiz.items) == 10
        assert len({item.skill for item in quiz.items}) == 10
        kinds = Counter(item.kind for item in quiz.items)
        assert kinds["value"] == 5
        assert kinds.keys() >= {"value", "formula", "choice", "spot"}
    assert "shape" in {item.kind for seed in range(5) for item in new_quiz(seed=seed).items}


@pytest.mark.parametrize("code", ["begin", "new", "early", "mistake"])
def test_what_is_met_first_or_was_mistaken_lately_is_asked_so_that_a_mistake_shows(
    code: str,
) -> None:
    skills = ["linear.forward", "linear.backward", "linear.weight_gradient", "mse.gradient"]
    plan = [Planned(skill, 1, Reason(code)) for skill in skills]
    kinds = {item.kind for seed in range(8) for item in drawn(plan, seed)}
    assert kinds == {"value", "formula"}
    known = [Planned(skill, 1, Reason("keep")) for skill in skills]
    assert {item.kind for seed in range(8) for item in drawn(known, seed)} == {*KINDS}


def test_the_kinds_of_a_quiz_can_be_chosen() -> None:
    for kind in KINDS:
        kinds = {item.kind for item in new_quiz("linear.backward", 3, 5, kinds=[kind]).items}
        assert kinds == {kind}
    assert {item.kind for item in new_quiz(seed=3, kinds=["value"]).items} == {"value"}


def test_a_wrong_step_is_to_be_found_and_then_to_be_mended() -> None:
    quiz = new_quiz("linear.backward", 1, 4, kinds=["spot"])
    find, mend = quiz.questions
    assert (find.kind, mend.kind, mend.recorded_kind) == ("spot", "value", "mend")
    assert find.id == "spot pass"
    assert {*quiz.known()} == {*find.problem.network.values}
    assert quiz.answer(wrong(find)).verdict == "wrong"
    quiz.reveal()
    quiz.next()
    assert mend.key not in quiz.known()
    assert quiz.answer(right(mend)).accepted
    assert mend.mends is not None
    assert mend.mends.mistake.message in mend.afterword
    assert len(quiz.items) == 2
    assert summary(quiz).score == 0
    assert mend.mends.mistake.tag in summary(quiz).tags


def test_a_choice_is_named_after_its_misconception() -> None:
    quiz = new_quiz("linear.weight_gradient", 1, 4, kinds=["choice"])
    item = quiz.items[0]
    assert isinstance(item, Choice)
    for place, option in enumerate(item.options):
        mark = item.mark(str(place + 1))
        assert mark.accepted == (option.mistake is None)
        assert (mark.misconception and mark.misconception.tag) == (
            option.mistake and option.mistake.tag
        )
    for text in ("", "0", "5", "17", "x", "²", "1 2"):
        assert item.mark(text).verdict == "invalid"


def test_a_shape_can_be_chosen_or_typed() -> None:
    quiz = new_quiz("linear.backward", 1, 4, kinds=["shape"])
    item = quiz.items[0]
    assert isinstance(item, Choice)
    rows, columns = item.options[item.right].shape
    for text in (
        f"{rows}x{columns}",
        f"{rows} × {columns}",
        f"({rows}, {columns})",
        right(quiz.question),
    ):
        assert item.mark(text).verdict == "right"
    assert item.mark("9x9").verdict == "wrong"
    assert item.mark("wide").verdict == "invalid"


def test_an_exam_says_nothing_and_brings_nothing_back() -> None:
    quiz = new_quiz(length=4, seed=6, exam=True)
    assert len(quiz.questions) == 4
    quiz.answer(wrong(quiz.question))
    assert (quiz.said, quiz.here.status) == (None, "noted")
    quiz.next()
    kept = json.loads(json.dumps(quiz.snapshot()))
    taken_up = resume_quiz(kept)
    assert (taken_up.exam, taken_up.position, taken_up.snapshot()) == (True, 1, kept)
    _play_right(taken_up)
    assert {progress.status for progress in taken_up.progress} == {"noted"}
    taken_up.hand_in()
    assert [progress.status for progress in taken_up.progress] == ["revealed", *["right"] * 3]
    assert summary(taken_up).score == 3


def test_in_an_exam_the_last_answer_counts_and_what_is_open_is_missed() -> None:
    quiz = new_quiz(length=3, seed=6, exam=True, kinds=["value"])
    quiz.answer(wrong(quiz.question))
    quiz.next()
    quiz.skip()
    quiz.answer(right(quiz.question))
    quiz.next()
    assert quiz.finished
    assert quiz.open_positions == [1]
    quiz.go(0)
    quiz.answer(right(quiz.question))
    quiz.hand_in()
    assert [progress.status for progress in quiz.progress] == ["right", "revealed", "right"]
    told = summary(quiz)
    assert (told.score, [missed.place for missed in told.missed]) == (2, [1])
    assert [progress.known for progress in quiz.progress] == [False, False, True]


def test_an_exam_does_not_say_how_half_an_answer_is() -> None:
    """A blank beside right cells is incomplete and beside a wrong one wrong: that would tell."""
    quiz = new_quiz("relu.backward", length=1, seed=4, exam=True, kinds=["value"])
    half_right = "_" + right(quiz.question)[right(quiz.question).index(" ") :]
    half_wrong = "_" + wrong(quiz.question)[wrong(quiz.question).index(" ") :]
    marks = [quiz.answer(text) for text in (half_right, half_wrong)]
    assert {(mark.verdict, mark.message, mark.cells) for mark in marks} == {
        ("incomplete", "Some cells are still empty.", ())
    }
    assert (quiz.here.status, quiz.here.tries) == ("open", 0)


def test_an_exam_takes_too_few_digits_as_they_are() -> None:
    quiz = new_quiz("sigmoid.forward", length=1, seed=4, exam=True, kinds=["value"])
    value = quiz.question.problem.solution[quiz.question.key].value
    rough = "; ".join(" ".join(f"{cell:.2f}" for cell in row) for row in value)
    assert quiz.answer(rough).verdict == "coarse"
    assert (quiz.said, quiz.here.status) == (None, "noted")
    quiz.hand_in()
    assert summary(quiz).score == 0


def test_a_long_quiz_asks_every_skill_before_any_comes_again() -> None:
    counted = Counter(item.skill for item in new_quiz(length=len(STEP_SKILLS) + 4, seed=3).items)
    assert counted.keys() == {*STEP_SKILLS}
    assert max(counted.values()) == 2


def test_a_whole_pass_is_asked_step_by_step_and_a_missed_step_comes_back_alone() -> None:
    quiz = new_quiz("pass.mse", length=1, seed=3)
    steps = len(quiz.questions)
    assert steps == 5
    while quiz.question.key != "grad.W1":
        assert quiz.answer(right(quiz.question)).accepted
        quiz.next()
    assert quiz.step == (4, 5)
    assert {"yhat", "L", "grad.yhat"} <= {*quiz.known()}
    quiz.answer(wrong(quiz.question))
    quiz.reveal()
    quiz.next()
    quiz.answer(right(quiz.question))
    quiz.next()
    assert (quiz.item.skill, quiz.counted) == ("linear.weight_gradient", (2, 2))
    kept = json.loads(json.dumps(quiz.snapshot()))
    assert kept["settings"]["repeats"] == [[0, "grad.W1"]]
    quiz = resume_quiz(kept)
    assert quiz.snapshot() == kept
    _play_right(quiz)
    (missed,) = summary(quiz).missed
    assert (missed.keys, missed.skill, missed.mended) == (("grad.W1",), "pass.mse", True)


def test_behind_the_last_hint_the_same_skill_comes_back_though_the_answer_was_right() -> None:
    quiz = new_quiz("relu.backward", length=1, seed=4, kinds=["value"])
    now = [0.0]
    quiz.clock = lambda: now[0]
    while quiz.here.hints < len(quiz.question.hints()):
        assert len(quiz.items) == 1
        quiz.hint()
        now[0] += HINT_PAUSE
    quiz.hint()
    assert quiz.answer(right(quiz.question)).accepted
    assert [item.skill for item in quiz.items] == ["relu.backward"] * 2
    assert quiz.items[0].as_json()["values"] != quiz.items[1].as_json()["values"]


def test_easier_questions_come_first() -> None:
    hardness = [SKILLS[item.skill].depth + item.level for item in new_quiz(seed=8).items]
    assert hardness == sorted(hardness)


def test_a_quiz_of_one_skill_asks_nothing_else() -> None:
    quiz = new_quiz("relu.backward", length=4, seed=1)
    assert {item.skill for item in quiz.items} == {"relu.backward"}
    assert len({json.dumps(item.as_json()["values"]) for item in quiz.items}) == 4


def test_the_same_seed_asks_the_same_and_another_something_else() -> None:
    first, again, other = (
        [item.as_json() for item in new_quiz(seed=seed).items] for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_without_a_seed_each_quiz_is_another() -> None:
    assert len({new_quiz(length=1).settings["seed"] for _ in range(5)}) > 1


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownSkillError):
        new_quiz("relu.sideways")
    with pytest.raises(ValueError, match="length 0"):
        new_quiz(length=0)


def test_all_right_at_once_is_a_full_score_and_nothing_comes_back() -> None:
    quiz = new_quiz(seed=2)
    _play_right(quiz)
    told = summary(quiz)
    assert (told.score, told.length, told.missed, told.tags) == (10, 10, (), {})
    assert len(quiz.items) == 10


def test_what_was_missed_comes_back_at_the_end_with_fresh_numbers() -> None:
    quiz = new_quiz(seed=2, length=3, kinds=["value"])
    quiz.next()
    missed = quiz.question
    quiz.answer(wrong(missed))
    quiz.answer(right(missed))
    assert len(quiz.questions) == 4
    again = quiz.items[3]
    assert (again.skill, again.level) == (quiz.items[1].skill, quiz.items[1].level)
    assert again.as_json()["values"] != quiz.items[1].as_json()["values"]
    assert len(quiz.progress) == 4


def test_nothing_comes_back_twice() -> None:
    quiz = new_quiz(seed=2, length=2)
    while not quiz.finished:
        for _ in range(3):
            quiz.answer(wrong(quiz.question))
        quiz.reveal()
        quiz.next()
    assert len(quiz.questions) == 4
    assert summary(quiz).score == 0


def test_what_was_shown_without_a_try_comes_back() -> None:
    quiz = new_quiz(seed=2, length=2)
    quiz.reveal()
    quiz.reveal()
    assert len(quiz.questions) == 3
    assert not summary(quiz).missed[0].mended


def test_what_can_not_be_read_costs_nothing() -> None:
    quiz = new_quiz(seed=2, length=2)
    assert quiz.answer("this is no matrix").verdict == "invalid"
    assert len(quiz.questions) == 2
    _play_right(quiz)
    assert summary(quiz).score == 2


def test_looking_at_a_right_answer_again_does_not_bring_it_back() -> None:
    quiz = new_quiz(seed=2, length=2)
    quiz.answer(right(quiz.question))
    quiz.reveal()
    assert len(quiz.questions) == 2


def test_the_summary_names_each_mistake_and_whether_it_was_mended() -> None:
    quiz = new_quiz("relu.backward", length=2, seed=4, kinds=["value"])
    quiz.answer(_mistaken(quiz.question, "mask_missing"))
    quiz.answer(_mistaken(quiz.question, "mask_values"))
    quiz.reveal()
    quiz.next()
    _play_right(quiz)
    told = summary(quiz)
    assert (told.score, told.length) == (1, 2)
    (missed,) = told.missed
    assert (missed.place, missed.skill) == (0, "relu.backward")
    assert missed.keys == (quiz.questions[0].key,)
    assert missed.tags == ("mask_missing", "mask_values")
    assert missed.mended
    assert told.tags == {"mask_missing": 1, "mask_values": 1}


def test_a_mistake_made_again_when_it_comes_back_is_not_mended() -> None:
    quiz = new_quiz("relu.backward", length=1, seed=4)
    for _ in range(2):
        quiz.answer(_mistaken(quiz.question, "mask_missing"))
        quiz.reveal()
        quiz.next()
    assert quiz.finished
    (missed,) = summary(quiz).missed
    assert (missed.tags, missed.mended) == (("mask_missing",), False)


def test_questions_left_open_count_as_missed() -> None:
    quiz = new_quiz(seed=2, length=2)
    quiz.skip()
    assert summary(quiz).score == 0
    assert len(quiz.questions) == 2


def test_a_quiz_is_taken_up_where_it_stopped_with_what_is_to_come_back() -> None:
    quiz = new_quiz(seed=7, length=3)
    quiz.answer(wrong(quiz.question))
    quiz.reveal()
    quiz.next()
    quiz.answer(right(quiz.question))
    quiz.next()
    quiz.write_draft("1 _")
    kept = json.loads(json.dumps(quiz.snapshot()))
    taken_up = resume_quiz(kept)
    assert taken_up.snapshot() == kept
    assert [item.as_json() for item in taken_up.items] == [item.as_json() for item in quiz.items]
    assert taken_up.position == 2
    assert taken_up.here.draft == "1 _"
    taken_up.answer(right(taken_up.question))
    taken_up.next()
    taken_up.answer(right(taken_up.question))
    taken_up.next()
    assert taken_up.finished
    assert summary(taken_up).missed[0].mended


def test_a_snapshot_is_not_changed_by_what_happens_later() -> None:
    quiz = new_quiz(seed=7, length=3)
    kept = quiz.snapshot()
    quiz.answer(wrong(quiz.question))
    assert kept["settings"]["repeats"] == []
    assert quiz.snapshot()["settings"]["repeats"] == [0]


def test_a_snapshot_of_something_else_is_refused() -> None:
    for kept in ({"name": "masha"}, {"settings": {"seed": 1}}, {"settings": None}):
        with pytest.raises(ValueError, match="no quiz"):
            resume_quiz(kept)


def test_the_known_matrices_are_those_given_until_the_answer_is_there() -> None:
    quiz = new_quiz("linear.backward", length=1, seed=4)
    item = quiz.items[0]
    assert item.key not in quiz.known()
    assert {*item.given, *item.problem.network.values} == {*quiz.known()}
    quiz.answer(right(quiz.question))
    assert item.key in quiz.known()
