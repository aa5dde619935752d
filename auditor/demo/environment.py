"""A process environment in which nothing of the user's own AWS configuration can be found."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SEALED: Final = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    # thousands of machine images that nobody asks for
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}
_FOREIGN: Final = ("AWS_", "BOTO_", "MOTO_")


@contextmanager
def sealed_environment() -> Iterator[None]:
    """Hide every profile, credential and endpoint of the user's for the length of the block, then put the environment back."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(_FOREIGN):
            del os.environ[name]
    os.environ.update(_SEALED)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
