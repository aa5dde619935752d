"""Findings that can be gone through again and again, however many there are."""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Final

from auditor.model.finding import Finding

IN_MEMORY: Final = 50_000
"""Findings held in memory at once: about 50 MB."""


class Spool:
    """Appended to once, then iterated over at will. Beyond ``IN_MEMORY`` findings the rest lies in an unnamed temporary file."""

    def __init__(self) -> None:
        self._recent: list[Finding] = []
        self._file: IO[bytes] | None = None
        self._length = 0

    def append(self, finding: Finding) -> None:
        """Add one finding at the end."""
        self._recent.append(finding)
        self._length += 1
        if len(self._recent) >= IN_MEMORY:
            file = self._opened()
            # somebody may be in the middle of reading
            file.seek(0, os.SEEK_END)
            pickle.dump(self._recent, file, protocol=pickle.HIGHEST_PROTOCOL)
            self._recent = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Finding]:
        place = 0
        while self._file is not None and place < self._file.seek(0, os.SEEK_END):
            self._file.seek(place)
            chunk: list[Finding] = pickle.load(self._file)  # noqa: S301 (this process wrote it, nobody else can open it)
            place = self._file.tell()
            yield from chunk
        yield from self._recent

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            # unnamed, and gone with the process: it describes an account
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the scan)
            weakref.finalize(self, self._file.close)
        return self._file
