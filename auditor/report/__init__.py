"""Scan → bytes, one module per format, each a pure function of a ``Scan``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from auditor.model.scan import Scan

FORMATS: Final = {
    "terminal": ("auditor.report.terminal", ".txt"),
    "json": ("auditor.report.json", ".json"),
    "html": ("auditor.report.html", ".html"),
    "csv": ("auditor.report.csv", ".csv"),
    "markdown": ("auditor.report.markdown", ".md"),
}
"""Format -> the module whose ``write(scan, stream)`` makes it, imported only then, and the suffix of its files."""


def write(scan: Scan, format: str, to: Path | BinaryIO) -> None:  # noqa: A002 (the word the command line uses)
    """Write ``scan`` as ``format`` to a file, whole or not at all, or to a binary stream.

    Raises ``KeyError`` for a format that is none of ``FORMATS`` and ``InputError`` where the file cannot be written.
    """
    module = importlib.import_module(FORMATS[format][0])
    if not isinstance(to, Path):
        module.write(scan, to)
        return
    from auditor.files.atomic import replacing

    with replacing(to) as stream:
        module.write(scan, stream)
