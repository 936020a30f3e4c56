"""Command lines, tables and folders that nobody means: each gets one sentence and its exit code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.command_line import main

HEADER = b"learner,key,answer\n"
TOO_MANY = ",".join(["1"] * 100_000).encode()

TABLES = {
    "a byte order mark": (b"\xef\xbb\xbf" + HEADER + b"ann,L,0.25\n", 0, "ann\tL\tright"),
    "another encoding": ("learner,key,answer\nann,L,1\n".encode("utf-16"), 3, "isn't UTF-8 text"),
    "line ends of Windows": (b"learner,key,answer\r\nann,L,0.25\r\n", 0, "ann\tL\tright"),
    "line ends of old": (b"learner,key,answer\rann,L,0.25\r", 0, "ann\tL\tright"),
    "semicolons": (b"learner;key;answer\nann;L;0,25\n", 0, "ann\tL\tright"),
    "a quote left open": (HEADER + b'ann,H1,"2 -1\nbob,L,0.25\n', 1, "bob\tL\tright"),
    "short rows": (HEADER + b"ann,L\nann\n", 1, "expected 3 columns, found 2"),
    "a column twice": (b"learner,key,answer,key\nann,L,0.25,L\n", 3, ":1: expected the header"),
    "nothing": (b"", 3, ":1: expected the header learner,key,answer"),
    "nothing but a header": (HEADER, 0, ""),
    "very many columns": (HEADER + TOO_MANY + b"\n", 1, "expected 3 columns, found 100000"),
    "a very wide header": (TOO_MANY + b"\n", 3, ":1: expected the header"),
    "nul bytes": (HEADER + b"a\0nn,L,0\0.25\n", 0, "ann\tL\tright"),
    "an unknown quantity": (HEADER + b"zoe,nosuch,1\n", 1, "There is no quantity 'nosuch'"),
    "nobody's answer": (HEADER + b",L,0.25\n", 0, "\tL\tright"),
    "a huge answer": (HEADER + b"ann,L," + b"1" * 200_000 + b"\n", 1, "longer than 100000"),
    "a huge learner": (HEADER + b"a" * 200_000 + b",L,0.25\n", 0, "a\tL\tright"),
    "a spreadsheet's formula": (HEADER + b"=cmd|x!A0,L,=1+1\n", 1, "without an equals sign"),
    "what a terminal obeys": (HEADER + b'"\x1b[31mann\nlee",L,0.25\n', 0, "[31mann lee\tL\tright"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_an_odd_table_is_marked_or_refused_in_words(
    kind: str, tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    content, code, said = TABLES[kind]
    path = tmp_path / "class.csv"
    path.write_bytes(content)
    assert main(["mark", "masha", "--answers", str(path)]) == code
    out, err = capsys.readouterr()
    assert said in out + err
    assert "\x1b" not in out
    rows = content.count(b"\r" if b"\n" not in content else b"\n") - 1
    if code != 3 and '"' not in content.decode():
        assert out.count("\n") == rows  # one line out for each line in


@pytest.mark.parametrize(
    "words",
    ["generate --seed", "generate --count", "generate --level", "quiz --plain --seed",
     "quiz --plain --length", "solve masha --seed"],
)  # fmt: skip
@pytest.mark.parametrize(
    "number", ["-1", "9" * 30, "-" + "9" * 30, "1e3", "0x10", "nan", "inf", "", "٣", "1_0", "1.0"]
)
def test_a_number_that_is_none_or_out_of_range_is_refused(
    words: str, number: str, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words.split(), number]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    digits = number.removeprefix("-")
    whole = digits.isascii() and digits.isdigit()
    assert ("is outside of" if whole else "isn't a whole number") in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("solve masha --fromat json", "unrecognized arguments: --fromat json. Did you mean '--fo"),
        ("problems --jsno", "Did you mean '--json'?"),
        ("generate --sed=3", "Did you mean '--seed'?"),
        ("--lnag=ru", "Did you mean '--lang'?"),
        ("problems --", "unrecognized arguments: --"),
        ("stats --data-dir=", "argument --data-dir: a folder is expected, this is empty"),
    ],
)
def test_an_option_that_is_not_right_gets_the_near_one(
    words: str, said: str, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_of_an_option_given_twice_the_last_one_counts(
    english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", "--seed", "1", "--seed", "2"]) == 0
    twice = capsys.readouterr().out
    assert main(["generate", "--seed", "2"]) == 0
    assert capsys.readouterr().out == twice


def _odd_folder(kind: str, folder: Path) -> Path:
    """A place where no records can be kept."""
    path = folder / "place"
    match kind:
        case "a file":
            path.write_text("x", encoding="utf-8")
        case "below a file":
            (folder / "file").write_text("x", encoding="utf-8")
            path = folder / "file" / "place"
        case "a link to itself":
            path.symlink_to(path)
        case "a pipe":
            os.mkfifo(path)
        case "a long name":
            path = folder / ("n" * 300)
        case "a long path":
            path = folder / "/".join("d" * 3000)
    return path


FOLDERS = ["a file", "below a file", "a link to itself", "a pipe", "a long name", "a long path"]


@pytest.mark.parametrize("kind", FOLDERS)
@pytest.mark.parametrize("words", ["stats", "records doctor", "records export x", "stats --json"])
def test_records_where_none_can_be_end_with_code_4(
    words: str, kind: str, tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words.split(), "--data-dir", str(_odd_folder(kind, tmp_path))]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("The records can't be read")
    assert err.count("\n") == 1


@pytest.mark.parametrize("kind", FOLDERS)
def test_practice_goes_on_where_no_records_can_be(
    kind: str,
    tmp_path: Path,
    english: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = iter(["X @ W1\n", "2 -1; 0 1\n"])
    monkeypatch.setattr("tui.line_reader.read_line", lambda: next(lines, ""))
    folder = _odd_folder(kind, tmp_path)
    assert main(["lesson", "--plain", "--data-dir", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.count("✓ Right.") == 2
    assert "2 answers could not be recorded." in err


@pytest.mark.parametrize("name", ["new\nline", "sur\udcff", " space ", "-dash", "~"])
def test_a_folder_may_have_any_name(
    name: str, tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tui.line_reader.read_line", lambda: "")
    assert main(["lesson", "--plain", f"--data-dir={name}"]) == 0
    folder = tmp_path / ("home" if name == "~" else name)
    assert (folder / "backhand.sqlite3").is_file()
