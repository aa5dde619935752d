"""Files of any kind and size are read whole or refused in one line."""

import os
from pathlib import Path

import pytest

from auditor.files.errors import InputError
from auditor.files.reading import read_bytes


def test_a_file_is_read_whole(tmp_path: Path):
    path = tmp_path / "f"
    path.write_bytes(b"0123456789")
    assert read_bytes(path, limit=10) == b"0123456789"
    with pytest.raises(InputError, match="f: 10 bytes; at most 9 are read"):
        read_bytes(path, limit=9)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "nothing"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind):
    path = Path("/dev/zero") if kind == "device" else tmp_path / "f"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(InputError, match="cannot be read: No such file" if kind == "nothing" else "not a regular file"):
        read_bytes(path, limit=10)
