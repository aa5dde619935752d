"""The benchmark runs as its page says, on a small account."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import auditor

ROOT = Path(auditor.__file__).parent.parent


def test_the_benchmark_tells_what_it_did(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/evaluate.py", "--resources", "3000", "--output", str(tmp_path / "results.md")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert (tmp_path / "results.md").read_text() == said.removesuffix("\n")
    assert "3,000 resources" in said
    assert said.count("\n| ") == 4
    verdicts = {verdict: int(number.replace(",", "")) for number, verdict in re.findall(r"([0-9,]+) (pass|fail|unknown)", said)}
    assert verdicts["pass"] > 0
    assert verdicts["fail"] > 0
