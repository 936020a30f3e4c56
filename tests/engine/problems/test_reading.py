"""Reading problem files: where they are found, and what is said of a file that can't be read."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.problems import reading
from engine.problems.course import builtin_ids
from engine.problems.faults import ProblemError
from engine.problems.reading import (
    MAX_CHAIN,
    UnknownProblemError,
    builtin_files,
    load,
    read_source,
)
from engine.problems.schema import MAX_BYTES, decode
from tests.engine.problems.files import HEAD, MSE, NETWORK, SGD, Folder

# --- finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", builtin_ids())
def test_every_built_in_problem_can_be_read_by_its_id(identity: str) -> None:
    problem = load(identity)
    assert (problem.id, problem.place) == (identity, identity)
    assert len(problem.solution) > 0


def test_the_built_in_problems_are_listed_in_the_order_in_which_they_are_best_done() -> None:
    assert [file.id for file in builtin_files()] == builtin_ids()


def test_every_problem_file_that_is_shipped_is_listed() -> None:
    names = [Path(place.name) for place in (files("assets") / "problems").iterdir()]
    assert {name.stem for name in names if name.suffix == ".toml"} == {*builtin_ids()}


def test_listing_the_built_in_problems_does_not_load_numpy() -> None:
    code = (
        "import sys; from engine.problems.reading import builtin_files; list(builtin_files());"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_is_read_by_its_path(folder: Folder) -> None:
    problem = folder.read(HEAD + NETWORK + MSE + SGD)
    assert problem.id == "small"
    assert problem.place.endswith("small.toml")
    assert problem.solution["L"].value == 0.5


def test_a_file_may_have_any_ending(folder: Folder) -> None:
    assert folder.read(HEAD, "small.txt").id == "small"


@pytest.mark.parametrize("name", ["nothing", "masha2", "a\0b", "x" * 5000, "a\0b.toml"])
def test_an_unknown_id_is_an_error_that_names_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownProblemError, match=r"no built-in problem .* masha, masha-logistic"):
        load(name)


def test_a_file_that_is_not_there_is_an_error_at_its_path(tmp_path: Path) -> None:
    path = tmp_path / "missing.toml"
    with pytest.raises(ProblemError, match=r"missing\.toml:1:1: The file can't be read: No such"):
        load(str(path))


def test_a_folder_is_no_problem_file(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match="can't be read"):
        load(str(tmp_path))


@pytest.mark.parametrize("name", ["", "."])
def test_the_folder_one_stands_in_is_no_problem_file(name: str) -> None:
    with pytest.raises((ProblemError, UnknownProblemError)):
        load(name)


def test_a_file_that_may_not_be_read_is_an_error(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> BinaryIO:
        raise PermissionError(13, "Permission denied")

    path = folder.write(HEAD)
    monkeypatch.setattr(reading, "open_to_read", refuse)
    with pytest.raises(ProblemError, match="The file can't be read: Permission denied"):
        load(path)


# --- what no text editor would have written -------------------------------------------------------


def test_a_file_that_is_too_large_is_refused(folder: Folder) -> None:
    assert folder.faults(HEAD + "#" * MAX_BYTES) == [
        "small.toml:1:1: The file is too large: a problem file may have 262144 bytes."
    ]


def test_no_more_of_a_file_is_read_than_it_may_have(folder: Folder) -> None:
    data, _ = read_source(folder.write(b"#" * 10 * MAX_BYTES))
    assert len(data) == MAX_BYTES + 1


def test_the_largest_file_is_read(folder: Folder) -> None:
    assert folder.read(HEAD + "#" * (MAX_BYTES - len(HEAD))).id == "small"


def test_a_file_that_is_not_utf8_is_refused_at_the_place(folder: Folder) -> None:
    text = HEAD.encode() + b'source = "caf\xe9"\n'
    assert folder.faults(text) == ["small.toml:4:14: The file isn't UTF-8 text."]


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(folder: Folder) -> None:
    assert folder.read(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode()).id == "small"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = ", "4:5: This isn't TOML: Invalid value."),
        ("= 1", "4:1: This isn't TOML: Invalid statement."),
        ("id = 2", "4:7: This isn't TOML: Cannot overwrite a value."),
        ("x = [1, 2", "4:10: This isn't TOML: Unclosed array."),
        ("x = 'a\nb'", "4:7: This isn't TOML: "),
        ("[[values]\n", "4:9: This isn't TOML: "),
    ],
)
def test_what_is_not_toml_is_said_with_line_and_column(
    folder: Folder, text: str, line: str
) -> None:
    (fault,) = folder.faults(HEAD + text)
    assert fault.startswith(f"small.toml:{line}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("x = " + "[" * 100_000, "1:1: The file is nested too deeply."),
        ("x = " + "{a=" * 60_000, "1:1: The file is nested too deeply."),
        ("a" + ".a" * 100_000 + " = 1", "1:1: a key has at most 50 parts"),
        ("[a" + " . 'a'" * 30_000 + "]", "1:2: a key has at most 50 parts"),
        ("\nx = { a" + '."b"' * 50_000 + " = 1 }", "2:7: a key has at most 50 parts"),
    ],
    ids=["lists", "tables", "key", "header", "inline"],
)
def test_a_file_nested_without_end_is_refused(folder: Folder, text: str, fault: str) -> None:
    assert folder.faults(text) == [f"small.toml:{fault}"]


def test_a_long_text_of_dots_and_letters_is_no_endless_key(folder: Folder) -> None:
    numbers = ", ".join(["0.25"] * 64)
    text = "a" * 100_000 + "." * 60_000 + " and so on. And on."
    assert folder.read(HEAD + f'intro = "{text}"\n[values]\nX = [{numbers}]\n').id == "small"


def test_a_number_with_thousands_of_digits_is_refused(folder: Folder) -> None:
    assert folder.faults("x = " + "9" * 5000) == [
        "small.toml:1:1: This isn't TOML: a number in the file has too many digits."
    ]


def test_an_empty_file_says_what_is_missing(folder: Folder) -> None:
    assert folder.faults("") == [
        "small.toml:1:1: the key 'format' is missing",
        "small.toml:1:1: the key 'id' is missing",
        "small.toml:1:1: the key 'title' is missing",
    ]


# --- keys and their kinds -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('vlaues = "x"', "4:1: vlaues: unknown key 'vlaues'; did you mean 'values'?"),
        (
            "nothing_like_it = 1",
            "4:1: nothing_like_it: unknown key 'nothing_like_it'; expected one of format, id, "
            "title, intro, source, decimals, significant, wrt, continues, values, forward, loss, "
            "update, published, parts",
        ),
        ("[loss]\nknd = 1", "5:1: loss.knd: unknown key 'knd'; did you mean 'kind'?"),
        (
            '[[parts]]\nlabel = "a"\nask = []\ngivn = []',
            "7:1: parts[0].givn: unknown key 'givn'; did you mean 'given'?",
        ),
        (
            '[[published]]\nkey = "H1"\n[[published]]\nkey = "H2"\neratum = "x"',
            "8:1: published[1].eratum: unknown key 'eratum'; did you mean 'erratum'?",
        ),
        (
            '[update]\noptimizer = "sgd"\nlearning_rate = 1\nparamters = []',
            "7:1: update.paramters: unknown key 'paramters'; did you mean 'parameters'?",
        ),
        ('[update]\noptimizer = "sgd"', "4:1: update: the key 'learning_rate' is missing"),
        ("[[parts]]\nask = []", "4:1: parts[0]: the key 'label' is missing"),
        ("[[published]]\nvalue = 1", "4:1: published[0]: the key 'key' is missing"),
        ('decimals = "x"', '4:1: decimals: expected a whole number, not "x"'),
        ("decimals = 2.5", "4:1: decimals: expected a whole number, not 2.5"),
        ("decimals = true", "4:1: decimals: expected a whole number, not true"),
        ("source = 1", "4:1: source: expected a text in quotes, not 1"),
        (f"source = {'1' * 60}", "4:1: source: expected a text in quotes, not so long a number"),
        ("wrt = 'X'", '4:1: wrt: expected a list of texts in quotes, not "X"'),
        ("wrt = [1]", "4:1: wrt: expected a list of texts in quotes, not a list"),
        ("values = 3", "4:1: values: expected a table, not 3"),
        (
            "intro = { en = 1 }",
            "4:1: intro: expected a text, or a table with a text for each language, not a table",
        ),
        (
            "[forward]",
            "4:1: forward: expected a list of tables, each under its own [[…]], not a table",
        ),
        (
            "forward = [1]",
            "4:1: forward: expected a list of tables, each under its own [[…]], not a list",
        ),
        ("[[loss]]", "4:1: loss: expected a table, not a list"),
        ("parts = 'a'", '4:1: parts: expected a list of tables, each under [[parts]], not "a"'),
        ("parts = ['a']", '4:10: parts[0]: expected a table, not "a"'),
        (
            "loss = { kind = 'mse', half = 1 }",
            "4:24: loss.half: expected true or false, not 1",
        ),
        ("update = 1979-05-27", "4:1: update: expected a table, not 1979-05-27"),
        (
            f"decimals = '{'x' * 50}'",
            f'4:1: decimals: expected a whole number, not "{"x" * 37}…"',
        ),
    ],
)  # fmt: skip
def test_a_key_or_value_of_the_wrong_kind_is_named_with_its_place(
    folder: Folder, text: str, fault: str
) -> None:
    assert folder.faults(HEAD + text) == [f"small.toml:{fault}"]


def test_several_faults_are_said_at_once_in_the_order_of_the_file(folder: Folder) -> None:
    text = 'format = "1"\nid = "small"\nfoo = 1\n[loss]\nhalf = 2\nkimd = "mse"\n'
    assert [fault.split(": ")[:2] for fault in folder.faults(text)] == [
        ["small.toml:1:1", "format"],
        ["small.toml:1:1", "the key 'title' is missing"],
        ["small.toml:3:1", "foo"],
        ["small.toml:5:1", "loss.half"],
        ["small.toml:6:1", "loss.kimd"],
    ]


def test_another_format_is_refused_and_nothing_else_is_said_of_it(folder: Folder) -> None:
    assert folder.faults('format = 2\nname = "later"\n') == [
        "small.toml:1:1: format: this program reads format 1, not 2"
    ]


def test_a_key_is_found_however_it_is_written(folder: Folder) -> None:
    text = HEAD + 'intro = """\n[values]\nX = "no key"\n"""\n"values" . \'X\' = "a" # X = 1\n'
    assert folder.faults(text) == [
        "small.toml:8:1: values.X: expected a number, a list of numbers, or a list of rows"
    ]


def test_tables_in_tables_of_a_list_are_found(folder: Folder) -> None:
    text = HEAD + NETWORK + '[[published]]\nkey = "H1"\n[[published]]\nkey = "O1"\n'
    text += "[published.erratum]\nen = 1\n"
    (fault,) = folder.faults(text)
    assert fault.startswith("small.toml:27:1: published[1].erratum: expected a text")


# --- texts ----------------------------------------------------------------------------------------


def test_characters_that_could_disguise_a_text_are_removed(folder: Folder) -> None:
    problem = folder.read(
        'format = 1\nid = "small"\n'
        r'title = "a\u001b[31mb\u0007c\u007f\u009bd\u202ee\u200bf\u2066g\ufeffh\u0000i\rj"' + "\n"
        r'intro = { en = "line\n\tnext\u200f", ru = "\u200eда" }' + "\n"
    )
    assert problem.title == "a[31mbcdefghij"
    assert problem.intro_text == {"en": "line\n\tnext", "ru": "да"}


def test_keys_and_lists_are_cleaned_too(folder: Folder) -> None:
    problem = folder.read(
        HEAD.replace("small", r"sm\u200ball")
        + NETWORK
        + r"[[parts]]"
        + "\n"
        + r'"la\u200bbel" = "a\u0007"'
        + "\n"
        + r'ask = ["value\u200b H1"]'
        + "\n"
    )
    assert problem.id == "small"
    assert problem.parts[0].label == "a"
    assert problem.parts[0].ask == (("value", "H1"),)


# --- problems that go on from others --------------------------------------------------------------


def test_a_problem_can_go_on_from_a_built_in_one(folder: Folder) -> None:
    problem = folder.read(HEAD + 'continues = "masha"\n[values]\ny = [0, 0]\n' + MSE)
    assert problem.continues == "masha"
    assert problem.known == {"H1", "O1", "yhat"}
    assert [*problem.solution][:4] == ["H1", "O1", "yhat", "each.L"]
    assert problem.solution["L"].value == 1
    assert problem.network.update is None


def test_a_problem_can_go_on_from_a_file_beside_it(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + NETWORK + MSE + SGD, "first.toml")
    problem = folder.read(
        HEAD + 'continues = "first"\n[values]\ny = [0, 1]\n[[forward]]\nlayer = "sigmoid"\n'
        'to = "p"\n[loss]\nkind = "logloss"\ntarget = "y"\n' + SGD
    )
    assert [*problem.solution][:4] == ["H1", "O1", "yhat", "p"]
    assert problem.known == {"H1", "O1", "yhat"}
    assert problem.network.values["W1"].array.tolist() == [[1, -1], [0.5, 0]]


def test_problems_can_go_on_from_each_other_several_times(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "a") + NETWORK, "a.toml")
    entry = '[[forward]]\nlayer = "sigmoid"\nto = "{}"\n'
    folder.write(HEAD.replace("small", "b") + 'continues = "a"\n' + entry.format("p"), "b.toml")
    problem = folder.read(HEAD + 'continues = "b"\n' + entry.format("q"))
    assert [*problem.solution] == ["H1", "O1", "yhat", "p", "q"]
    assert problem.known == {"H1", "O1", "yhat", "p"}


@pytest.mark.parametrize("identity", ["missing", "../small", "Small", "small.toml", "", "/etc/x"])
def test_what_does_not_exist_can_not_be_gone_on_from(folder: Folder, identity: str) -> None:
    (fault,) = folder.faults(HEAD + f'continues = "{identity}"\n', "other.toml")
    assert fault.startswith(f"other.toml:4:1: continues: there is no problem '{identity}'")


def test_only_files_beside_the_file_are_gone_on_from(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    folder.write(HEAD, "outside.toml")
    (fault,) = Folder(tmp_path / "inner").faults(HEAD + 'continues = "../outside"\n')
    assert "there is no problem '../outside'" in fault


def test_a_problem_that_goes_on_from_itself_is_refused(folder: Folder) -> None:
    assert folder.faults(HEAD + 'continues = "small"\n') == [
        "small.toml:4:1: continues: the problems go on from each other in a circle"
    ]


def test_a_circle_is_refused_where_it_closes(folder: Folder) -> None:
    for one, other in ("ab", "bc", "ca"):
        folder.write(HEAD.replace("small", one) + f'continues = "{other}"\n', f"{one}.toml")
    with pytest.raises(ProblemError, match=r"c\.toml:4:1: continues: .* in a circle"):
        load(str(folder.path / "a.toml"))


def test_a_circle_of_files_with_false_ids_is_refused_too(folder: Folder) -> None:
    for number in range(MAX_CHAIN + 2):
        other = (number + 1) % 3
        text = HEAD.replace("small", f"id-{number}") + f'continues = "f{other}"\n'
        folder.write(text, f"f{number}.toml")
    folder.write(HEAD.replace("small", "one") + 'continues = "f1"\n', "f0.toml")
    with pytest.raises(ProblemError, match="in a circle"):
        load(str(folder.path / "f0.toml"))


def test_a_fault_in_the_first_file_is_said_of_that_file(folder: Folder) -> None:
    folder.write(HEAD.replace("small", "first") + "[values]\nX = []\n", "first.toml")
    (fault,) = folder.faults(HEAD + 'continues = "first"\n')
    assert fault.startswith("first.toml:5:1: values.X: ")


def test_a_problem_reads_the_same_from_bytes(folder: Folder) -> None:
    path = folder.write(HEAD + NETWORK)
    data, place = read_source(path)
    assert place == path
    assert decode(data, place).id == "small"
    assert data == Path(path).read_bytes()
    assert os.path.exists(place)
