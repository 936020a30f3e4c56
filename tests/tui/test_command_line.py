"""The command line: what each command prints, and its exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.language import language, use_language
from tui.command_line import main

BROKEN = """
format = 1
id = "broken"
title = "Broken"
[values]
X = [[1, 2]]
[[forward]]
layer = "linaer"
weight = "W"
to = "H"
"""
OWN = """
format = 1
id = "own"
title = { en = "Own", ru = "Своя" }
[values]
X = [[1, 2]]
W = [[3], [4]]
[[forward]]
layer = "linear"
weight = "W"
to = "H"
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test depends on the machine's language, nor changes the next one's."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "BACKHAND_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    yield
    use_language("en")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command line."""
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def program(*words: str, stdin: bytes = b"", **environment: str) -> Any:
    """The same in a process of its own, with bytes in and out."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


# --- everywhere ---


@pytest.mark.parametrize("words", [["--version"], ["solve", "--version"], ["--version", "quiz"]])
def test_the_version_is_printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *words) == (0, f"backhand {engine.__version__}\n", "")


def test_the_help_lists_the_commands_and_the_exit_codes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for word in ("lesson", "quiz", "problems", "solve", "mark", "check", "generate", "--plain"):
        assert word in out
    assert "3  a file is invalid" in out
    assert run(capsys, "-h")[1] == out


@pytest.mark.parametrize(
    "command", ["lesson", "quiz", "problems", "solve", "mark", "check", "generate"]
)
def test_every_command_has_a_help_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"\n  backhand {command}" in out
    assert run(capsys, "--help", command)[1] == out


@pytest.mark.parametrize(
    "words",
    [
        ["lesso"],
        ["solve"],
        ["solve", "marsha"],
        ["solve", "masha", "--format", "xml"],
        ["solve", "masha", "masha-logistic"],
        ["solve", "masha", "--lnag", "ru"],
        ["mark", "masha"],
        ["mark", "masha", "H1"],
        ["mark", "masha", "H7", "1"],
        ["mark", "masha", "H1", "1", "2"],
        ["mark", "masha", "H1", "1", "--given", "H1"],
        ["mark", "masha", "O1", "1", "--given", "H7=1"],
        ["mark", "masha", "H1", "1", "--answers", "x.csv"],
        ["check"],
        ["check", "marsha"],
        ["problems", "--lang", "de"],
        ["generate", "--skill", "relu.sideways"],
        ["generate", "--count", "0"],
        ["generate", "--count", "many"],
        ["generate", "--level", "9"],
        ["quiz", "--plain", "--skill", "relu.sideways"],
        ["quiz", "--plain", "--length", "0"],
        ["--plain"],
        ["--nothing"],
        ["--data-dir"],
    ],
)
def test_a_line_that_is_not_right_is_refused_with_a_message(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


def test_a_mistyped_command_gets_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean 'lesson'?" in run(capsys, "lessn")[2]


@pytest.mark.parametrize("words", [["--lang", "ru", "problems"], ["problems", "--lang=ru"]])
def test_options_of_every_command_stand_before_or_behind_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Сеть Маши" in run(capsys, *words)[1]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:ru"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_systems(
    environment: dict[str, str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(capsys, "--version")
    assert language() == expected


@pytest.mark.parametrize("words", [[], ["lesson"], ["quiz"], ["lesson", "masha"]])
def test_without_a_terminal_the_app_names_the_line_mode(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert "--plain" in err


def test_a_dumb_terminal_gets_the_line_mode_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("tui.commands.starting.is_terminal", lambda: True)
    code, _, err = run(capsys, "lesson")
    assert code == 2
    assert "TERM=dumb" in err
    assert "--plain" in err


def test_a_mistake_of_the_programs_own_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: object) -> int:
        raise RuntimeError("something")

    monkeypatch.setattr("tui.commands.problems.run", fail)
    code, _, err = run(capsys, "problems")
    assert code not in range(5)
    assert "RuntimeError: something" in err
    assert "Traceback" not in err
    monkeypatch.setenv("BACKHAND_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["problems"])


def test_an_interrupt_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.commands.problems.run", interrupt)
    code, out, err = run(capsys, "problems")
    assert (code, out, err.strip()) == (130, "", "")


# --- in a process of its own ---


def test_a_reader_that_leaves_early_sees_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "tui", "generate", "--count", "60"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""


class FullDisk(io.StringIO):
    """A stream that takes no more."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk())
    assert main(["solve", "masha"]) not in range(5)
    assert "can't be written: No space left" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "koi8-r", "latin-1"])
def test_a_terminal_of_another_encoding_shows_what_it_can(encoding: str) -> None:
    done = program("solve", "masha", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert done.returncode == 0
    assert b"X" in done.stdout
    assert done.stderr == b""
    listed = program("problems", "--json", "--lang", "ru", PYTHONIOENCODING=encoding)
    assert json.loads(listed.stdout)[0]["title"] == "Один нейрон"


def test_answers_of_any_bytes_are_marked() -> None:
    done = program("mark", "masha", "H1", "-", "--json", stdin=b"\xff\xfe \x00 2; \xf0\x9f")
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "invalid"
    typed = program("mark", "masha", "H1", os.fsdecode(b"2 \xff"))
    assert typed.returncode == 1
    assert b"Traceback" not in typed.stderr


# --- problems, solve, generate ---


def test_the_built_in_problems_are_listed_with_their_titles(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "problems")
    assert code == 0
    lines = [line.split(maxsplit=1) for line in out.splitlines()]
    assert lines[0] == ["one-neuron", "One neuron"]
    assert ["masha", "Masha's network"] in lines
    listed = json.loads(run(capsys, "problems", "--json")[1])
    assert [problem["id"] for problem in listed] == [line.split()[0] for line in out.splitlines()]


def test_a_file_that_is_invalid_is_said_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(BROKEN, encoding="utf-8")
    for words in (["solve", str(path)], ["mark", str(path), "H", "1"]):
        code, out, err = run(capsys, *words)
        assert (code, out) == (3, "")
        assert f"{path}:8:1: forward[0].layer: " in err
        assert "did you mean 'linear'?" in err
    assert run(capsys, "lesson", "--plain", str(tmp_path / "none.toml"))[0] == 3


def test_items_are_generated_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["generate", "--skill", "relu.backward", "--level", "2", "--seed", "7", "--count", "3"]
    code, out, err = run(capsys, *words)
    items = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [item["seed"] for item in items] == [7, 8, 9]
    assert {item["skill"] for item in items} == {"relu.backward"}
    assert run(capsys, *words)[1] == out
    assert items[0] == engine.generate("relu.backward", 2, 7).as_json()


def test_an_item_by_chance_says_its_seed(capsys: pytest.CaptureFixture[str]) -> None:
    item = json.loads(run(capsys, "generate", "--skill", "linear.forward")[1])
    assert item == engine.generate("linear.forward", 1, item["seed"]).as_json()


# --- mark ---


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (["H1", "2 -1; 0 1"], 0, "right"),
        (["H1", "[[2, -1], [0, 1]]"], 0, "right"),
        (["H1", "2 -0.5; 0 1"], 1, "wrong"),
        (["grad.yhat", "-1;0"], 0, "right"),
        (["grad.yhat", "-0.5;0"], 1, "misconception"),
        (["grad.yhat", "--", "-1;0"], 0, "right"),
        (["--", "grad.yhat", "-1;0"], 0, "right"),
        (["grad.yhat", "-1\n0"], 0, "right"),
        (["H1", "2 -1"], 1, "invalid"),
        (["H1", "2 -1; 0 _"], 1, "incomplete"),
        (["L@2", "24.91"], 1, "coarse"),
        (["L", "1/4"], 0, "right"),
        (["O1", "2 1; 0 1", "--given", "H1=2 1; 0 1"], 0, "carried"),
        (["--given", "H1=2 1; 0 1", "O1", "2 1; 0 1"], 0, "carried"),
        (["--given=H1=2 1; 0 1", "--given", "X=1", "O1", "2 1; 0 1"], 0, "carried"),
        (["H1", "X·W1", "--formula"], 0, "right"),
        (["--formula", "grad.yhat", "-(y - yhat)"], 0, "right"),
        (["grad.yhat", "-y + yhat", "--formula"], 0, "right"),
        (["formula grad.yhat", "yhat - y"], 0, "right"),
        (["grad.yhat", "-y", "--formula"], 1, None),
    ],
)
def test_one_answer_is_marked(
    words: list[str], code: int, verdict: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in (["mark", "masha", *words], ["--lang", "en", "mark", "masha", *words]):
        place = line.index("mark") + 1
        found, out, err = run(capsys, *line[:place], "--json", *line[place:])
        mark = json.loads(out)
        assert (found, err) == (code, "")
        assert list(mark) == [
            "verdict",
            "credit",
            "message",
            "cells",
            "misconception",
            "reading",
            "carried_from",
        ]
        assert verdict in (None, mark["verdict"])
        assert mark["credit"] == (1.0 if code == 0 else 0.0)
        assert run(capsys, *line)[0] == code


def test_an_answer_is_read_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("2 -1\n0 1\n"))
    assert run(capsys, "mark", "masha", "H1", "-")[0] == 0


def test_a_mark_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "mark", "masha", "H1", "2 -1; 0 1")[1] == "✓ Right.\n"
    out = run(capsys, "mark", "masha", "H1", "½ -1; 3 1")[1]
    assert out.startswith("✗ Not yet")
    assert "row 1 column 1, row 2 column 1" in out
    assert "Read as: 1/2 -1; 3 1" in out
    carried = run(capsys, "mark", "masha", "O1", "2 1; 0 1", "--given", "H1=2 1; 0 1")[1]
    assert carried.startswith("◐")
    assert "H₁" in carried


def test_help_for_mark_is_not_taken_for_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ANSWER" in run(capsys, "mark", "-h")[1]
    assert "ANSWER" in run(capsys, "mark", "masha", "H1", "--help")[1]
    assert run(capsys, "mark", "masha", "H1", "-h", "--formula")[0] == 1


# --- mark --answers ---


def table(tmp_path: Path, *lines: str) -> str:
    """A table with these lines behind its header."""
    path = tmp_path / "class.csv"
    path.write_text("\n".join(["learner,key,answer", *lines, ""]), encoding="utf-8")
    return str(path)


def marks(
    capsys: pytest.CaptureFixture[str], path: str
) -> tuple[int, list[dict[str, Any]], list[str]]:
    """The exit code, the marks and the messages of a table."""
    code, out, err = run(capsys, "mark", "masha", "--answers", path, "--json")
    return code, [json.loads(line) for line in out.splitlines()], err.splitlines()


def test_a_table_is_marked_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(
        tmp_path,
        "ann,formula H1,X·W1",
        "ann,H1,2 -1; 0 1",
        'bob,H1,"[[2, -1], [0, 1]]"',
        'ann,O1,"2 0\n0 1"',
    )
    code, found, messages = marks(capsys, path)
    assert (code, messages) == (0, [])
    assert [(mark["learner"], mark["key"]) for mark in found] == [
        ("ann", "formula H1"),
        ("ann", "H1"),
        ("bob", "H1"),
        ("ann", "O1"),
    ]
    assert list(found[0])[:2] == ["learner", "key"]
    assert len(found[0]) == 9


def test_each_learners_mistakes_are_carried_forward_and_nobody_elses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(
        tmp_path,
        "ann,H1,2 1; 0 1",
        "bob,H1,2 -1; 0 1",
        "ann,O1,2 1; 0 1",
        "bob,O1,2 1; 0 1",
        "ann,yhat,2; 1",
        "ann,H1,2 -1; 0 1",
        "ann,O1,2 0; 0 1",
    )
    code, found, _ = marks(capsys, path)
    assert code == 1
    assert [mark["verdict"] == "carried" for mark in found] == [
        *(False, False, True, False, True, False, False)
    ]
    assert found[2]["carried_from"] == ["H1"]
    assert found[6]["verdict"] == "right"


def test_bad_lines_are_told_about_and_spoil_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(
        tmp_path,
        "ann,H1,2 -1; 0 1",
        "ann,H1",
        "",
        "ann,H7,1",
        "ann,H1,2, -1, 0, 1",
        'ann,H1,"2 -1; 0 1',
        "ann,formula H7,X",
        "bob,H1,2 -1; 0 1",
    )
    code, found, messages = marks(capsys, path)
    assert code == 1
    invalid = "invalid"
    assert [mark["verdict"] for mark in found] == ["right", *[invalid] * 5, "right"]
    assert [message.split(":")[1] for message in messages] == ["3", "5", "6", "7", "8"]
    assert found[1]["learner"] == "ann"
    assert "H7" in found[2]["message"]
    assert "quotes" in found[3]["message"]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_separators_and_column_orders_are_understood(
    sign: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "class.csv"
    lines = [sign.join(["key", "answer", "Learner"]), sign.join(["H1", '"2 -1; 0 1"', "ann"])]
    path.write_bytes(("\ufeff" + "\r\n".join(lines)).encode())
    code, found, _ = marks(capsys, str(path))
    assert (code, found[0]["learner"]) == (0, "ann")


def test_a_table_can_come_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("learner,key,answer\nann,L,0.25\n"))
    code, out, _ = run(capsys, "mark", "masha", "--answers", "-")
    assert (code, out) == (0, "ann\tL\tright\t✓ Right.\n")


@pytest.mark.parametrize(
    "content", [b"", b"name,answer\n", b"learner,key,answer\nann,L,\xff\n", b"\x00\x01\x02"]
)
def test_a_file_that_is_no_table_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "class.csv"
    path.write_bytes(content)
    code, found, messages = marks(capsys, str(path))
    assert (code, found, len(messages)) == (3, [], 1)
    assert str(path) in messages[0]
    assert marks(capsys, str(tmp_path / "none.csv"))[0] == 3


# --- check ---


def test_the_built_in_problems_pass_the_authors_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = [problem["id"] for problem in json.loads(run(capsys, "problems", "--json")[1])]
    code, out, err = run(capsys, "check", *ids)
    assert code == 0
    assert all(": warning: " in line for line in out.splitlines())
    assert len(err.splitlines()) == len(ids)


def check(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> tuple[int, list[str]]:
    """The exit code and the findings about a file, without its path."""
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "check", str(path))
    lines = out.splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return code, [line.removeprefix(f"{path}:") for line in lines]


def test_a_printed_value_that_is_wrong_needs_an_erratum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = OWN + '[[published]]\nkey = "H"\nvalue = 12\n'
    code, findings = check(tmp_path, capsys, printed)
    assert code == 1
    assert findings == [
        "14:1: the printed value isn't right: H = 11; say so in `erratum`",
    ]
    assert check(tmp_path, capsys, printed + 'erratum = "11"\n') == (0, [])
    assert check(tmp_path, capsys, printed.replace("12", "11")) == (0, [])


def test_a_printed_formula_that_is_wrong_needs_an_erratum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = OWN + '[[published]]\nkey = "H"\nformula = "X @ W + X @ W"\n'
    code, findings = check(tmp_path, capsys, printed)
    assert code == 1
    assert findings[0].startswith("14:1: the printed formula isn't right: H = X·W;")
    assert check(tmp_path, capsys, printed.replace("X @ W + X @ W", "X @ W")) == (0, [])


def test_a_text_that_lacks_a_language_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, findings = check(tmp_path, capsys, OWN.replace(', ru = "Своя"', ""))
    assert (code, findings) == (0, ["4:1: warning: no text in ru"])
    assert check(tmp_path, capsys, OWN.replace('{ en = "Own", ru = "Своя" }', '"Own"')) == (0, [])


def test_mistakes_that_the_numbers_hide_are_warned_of_with_numbers_that_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    symmetric = OWN.replace("[[1, 2]]", "[[1, 2], [2, 1]]")
    symmetric = symmetric.replace("W = [[3], [4]]", "W = [[1, 1], [1, 3]]\nd = [[1, 2], [-1, 1]]")
    code, findings = check(tmp_path, capsys, symmetric + '[loss]\nkind = "given"\nupstream = "d"\n')
    assert code == 0
    assert all("warning: " in line for line in findings)
    assert any("these look right: a transpose forgotten" in line for line in findings[:-1])
    assert findings[-1].endswith(" would tell them apart")


def test_a_value_that_vanishes_at_the_digits_asked_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OWN + '[[forward]]\nformula = "exp(-H)"\nto = "e"\n'
    _, findings = check(tmp_path, capsys, text)
    assert any("rounds to 0 at the digits asked (4 decimals)" in line for line in findings)
    _, findings = check(tmp_path, capsys, "significant = 2\n" + text)
    assert not any("rounds to 0" in line for line in findings)


def test_an_invalid_file_is_the_worst_that_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, capsys, BROKEN)[0] == 3
    assert check(tmp_path, capsys, "not = = toml")[0] == 3
    printed = tmp_path / "printed.toml"
    printed.write_text(OWN + '[[published]]\nkey = "H"\nvalue = 12\n', encoding="utf-8")
    broken = tmp_path / "own.toml"
    code, out, _ = run(capsys, "check", str(printed), str(broken), str(printed))
    assert code == 3
    assert len(out.splitlines()) == 3
