"""What the demo's accounts answer to a scan, recorded once in a test run."""

from __future__ import annotations

from functools import cache
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber

from auditor.demo import demo_accounts
from auditor.sources.aws import collect
from auditor.types import all_types
from tests.faults.replay import Answer, Key, Recorder

QUIET = "eu-north-1"
"""A region without machine learning, of which everything is recorded."""


@cache
def recorded() -> dict[str, dict[Key, Answer]]:
    """The answers by account."""
    found = {}
    with demo_accounts() as sessions:
        backend = BotocoreStubber.__call__
        for session in sessions:
            recorder = Recorder(lambda event_name, request: backend(botocore_stubber, event_name, request))
            with patch.object(
                BotocoreStubber,
                "__call__",
                lambda _, event_name, request, recorder=recorder, **__: recorder(event_name, request),
            ):
                for _ in collect(session, all_types()):
                    pass
                # a quiet region is asked everything where its probe fails
                for _ in collect(session, {name: record for name, record in all_types().items() if not record.ml}, [QUIET]):
                    pass
                found[session.identity().account] = recorder.answers
    return found
