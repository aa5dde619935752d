"""What is said on standard error: notes and progress. Standard output carries only what was asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import click

from auditor.files.errors import printable

LOG_FORMATS: Final = ("text", "json")


@dataclass(slots=True)
class Notes:
    """How much is said, and how. Errors are said even where all else is to be quiet."""

    quiet: bool = False
    log_format: str = "text"

    def note(self, text: str, **fields: object) -> None:
        """Say one line; as JSON, ``fields`` go with it."""
        if not self.quiet:
            self._say(text, {"message": text, **fields})

    def error(self, text: str, lead: str = "error: ") -> None:
        """Say what the command ends with."""
        self._say(f"{lead}{text}", {"level": "error", "message": text})

    def _say(self, text: str, line: dict[str, object]) -> None:
        click.echo(json.dumps(line) if self.log_format == "json" else printable(text), err=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[tuple[str, str, str], int], None] | None]:
        """Something to call after each unit that was read; nothing unless a person is watching a terminal."""
        if self.quiet or self.log_format == "json" or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console

        read = 0
        with Console(stderr=True).status("reading the account…") as status:

            def advance(unit: tuple[str, str, str], count: int) -> None:
                nonlocal read
                read += count
                status.update(f"{read:,} resources · {unit[1]} · {unit[2]}")

            yield advance
