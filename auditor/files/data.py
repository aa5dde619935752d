"""Where the project's data folders lie: in the wheel beside the code, in a checkout beside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent.parent


def data_folder(name: str) -> Path:
    """The folder ``rules`` or ``reports``. Raises ``FileNotFoundError`` where the installation is broken."""
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the installation lacks its data folder {name}")
