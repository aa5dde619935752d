"""Run by test_resume: writes the sample account's snapshot and stops for good before one of the steps that change the disk.

``python killed.py TARGET STEP``: before step STEP it prints a line, which tells the test to kill it, and waits.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tests.sources.snapshot.samples import batches, write

STEPS = ("fsync", "replace", "unlink", "mkdir", "rmdir")


def stopping(step: int) -> None:
    """Number the steps as they are taken, and stop before ``step``."""
    taken = 0

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object, **kwargs: object) -> object:
            nonlocal taken
            if taken == step:
                print("here", flush=True)
                sys.stdin.read()
            taken += 1
            return function(*args, **kwargs)

        return wrapped

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


if __name__ == "__main__":
    stopping(int(sys.argv[2]))
    write(Path(sys.argv[1]), batches(jobs=2, regions=("eu-west-1",)))
    print("done", flush=True)
