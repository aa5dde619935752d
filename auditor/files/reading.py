"""Reading files that may be of any kind and size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from auditor.files.errors import InputError


def open_regular(path: Path) -> BinaryIO:
    """The file at ``path``, open for reading.

    Raises ``InputError`` where it cannot be opened, and for a pipe or a device: they may never end, and cannot be read twice.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError("not a regular file; save what it yields to one", file=str(path))
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error


def read_bytes(path: Path, limit: int) -> bytes:
    """All of a regular file. Raises ``InputError`` where it cannot be read or holds more than ``limit`` bytes."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise InputError(f"{size:,} bytes; at most {limit:,} are read", file=str(path))
            return file.read(limit)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
