"""The one error that stands for bad input."""

from __future__ import annotations

from typing import Final

_MOST: Final = 2_000
"""Candidates compared: among more, which only a hostile file has, a hint is not worth the wait."""


class InputError(Exception):
    """Something a person wrote, or a file they named, cannot be used.

    Shown as one line, ``file:line:column: key: message``, leaving out what is not known, with what cannot be printed escaped; the
    command then ends with exit code 2.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0, key: str = "") -> None:
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        super().__init__(str(self))

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        parts = [part for part in (place, self.key, self.message) if part]
        return printable(": ".join(parts))


def printable(text: str) -> str:
    """``text`` with line breaks, control characters and the like escaped, so that a hostile file writes nothing but text."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def closest(word: str, candidates: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> str:
    """A clause ``; did you mean 'x'?`` for the candidate nearest to ``word``, or nothing where none is near."""
    from difflib import get_close_matches

    if len(candidates) > _MOST:
        return ""
    near = get_close_matches(word, sorted(candidates), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
