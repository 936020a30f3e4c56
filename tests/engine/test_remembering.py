"""What is remembered: built once, and forgotten when it wasn't asked for longest."""

from __future__ import annotations

from engine.remembering import remembered


def test_what_is_known_is_not_built_again() -> None:
    known: dict[str, str | None] = {}
    built: list[str] = []

    def ask(key: str, limit: int = 2) -> None:
        def build() -> None:
            built.append(key)

        assert remembered(known, key, limit, build) is None

    for key in ("a", "b", "a", "c"):
        ask(key)
    assert built == ["a", "b", "c"]
    assert [*known] == ["a", "c"]
    ask("b")
    ask("c")
    assert built == ["a", "b", "c", "b"]
