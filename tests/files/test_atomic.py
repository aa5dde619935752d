"""A file is whole or not there."""

import stat

import pytest

from auditor.files.atomic import replacing
from auditor.files.errors import InputError


def test_whole_and_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "out"
    with replacing(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        _half_written(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _half_written(path):
    with replacing(path) as file:
        file.write(b"half")
        raise RuntimeError


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot write here"), replacing(tmp_path / "no" / "out"):
        pass
