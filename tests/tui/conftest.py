"""What tests of the command line have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.language import use_language


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test depends on the machine's language, nor changes the next one's."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    use_language("en")
