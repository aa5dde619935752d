"""Running the command line as a user does, in this process."""

import sys
from dataclasses import dataclass

import pytest

from auditor.cli import config, main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capfd, tmp_path):
    """``run("gate", "template.yaml")`` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    # an interrupted process does not wait for its threads
    monkeypatch.setattr("os._exit", sys.exit)
    for name in ("AUDITOR_FAIL_ON", "AUDITOR_FAIL_ON_UNKNOWN", "AUDITOR_RULES_FROM"):
        monkeypatch.delenv(name, raising=False)

    def run_it(*arguments):
        config._settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["auditor", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ran(ended.value.code, out, err)

    yield run_it
    config._settings.cache_clear()
