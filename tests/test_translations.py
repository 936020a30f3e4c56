"""Translations: every text of the program has a Russian one, compiled, with the same fields."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "assets" / "translations"
KEYWORDS = {"tr": None, "mark_text": None, "ntr": (1, 2)}
FIELD = re.compile(r"\{(\w+)[^}]*\}")


@pytest.fixture(scope="module")
def russian() -> Catalog:
    with (TRANSLATIONS / "ru.po").open("rb") as stream:
        return read_po(stream, locale="ru")


@pytest.fixture(scope="module")
def texts() -> set[str | tuple[str, ...]]:
    """Every text in the source that is marked for translation."""
    found: set[str | tuple[str, ...]] = set()
    for package in ("engine", "tui"):
        for _, _, message, _, _ in extract_from_dir(ROOT / package, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else tuple(message))
    return found


def test_no_text_is_marked_where_extraction_misses_it(
    texts: set[str | tuple[str, ...]],
) -> None:
    found = {part for text in texts for part in ((text,) if isinstance(text, str) else text)}
    hidden = []
    for path in (path for package in ("engine", "tui") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
                given = node.args[0]
                if isinstance(given, ast.Constant) and given.value not in found:
                    hidden.append(f"{path.name}:{node.lineno}: {given.value}")
    assert not hidden, "inside an f-string, for example"


def test_every_text_is_translated(russian: Catalog, texts: set[str | tuple[str, ...]]) -> None:
    missing = []
    for text in texts:
        message = russian.get(text if isinstance(text, str) else text[0])
        done = message is not None and all(
            [message.string] if isinstance(message.string, str) else message.string
        )
        if not done:
            missing.append(text)
    assert not missing, f"{len(missing)} texts lack a translation: run `make translations`"


def test_no_translation_is_left_over(russian: Catalog, texts: set[str | tuple[str, ...]]) -> None:
    used = {text if isinstance(text, str) else text[0] for text in texts}
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in russian if m.id}
    assert kept <= used


def test_a_translation_has_the_fields_of_its_text(russian: Catalog) -> None:
    for message in russian:
        if not message.id:
            continue
        ours = message.id if isinstance(message.id, tuple) else (message.id,)
        theirs = message.string if isinstance(message.string, tuple) else (message.string,)
        fields = set(FIELD.findall(" ".join(ours)))
        for translated in theirs:
            found = set(FIELD.findall(translated))
            assert found <= fields, message.id
            if len(ours) == 1:
                assert found == fields, message.id


def test_plural_forms_are_the_russian_three(russian: Catalog) -> None:
    assert russian.num_plurals == 3
    plural = [message for message in russian if isinstance(message.id, tuple)]
    assert all(len(message.string) == 3 for message in plural)


def test_the_compiled_catalogue_is_that_of_the_source(russian: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, russian)
    assert (TRANSLATIONS / "ru.mo").read_bytes() == compiled.getvalue()
