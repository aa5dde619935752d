"""What other threads are to do, and what is done when they have."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeAlias, TypeVar

T = TypeVar("T")

Then: TypeAlias = Callable[[Any], T | None]
"""What becomes of a task's result, in the thread of whoever iterates; it may start further tasks."""
_PATIENCE: Final = 1.0
"""Seconds that tasks under way are waited for when they are given up: an answer, or no answer, can take minutes."""


@dataclass(slots=True)
class Tasks(Generic[T]):
    """Work done by ``pool``, whose threads end early where ``stop`` is set."""

    pool: Executor
    stop: threading.Event = field(default_factory=threading.Event)
    _done: SimpleQueue[Future[Any]] = field(default_factory=SimpleQueue)
    _then: dict[Future[Any], Then[T]] = field(default_factory=dict)

    def start(self, work: Callable[[], Any], then: Then[T]) -> None:
        """Have ``work`` done, and ``then`` called with what it returns."""
        future = self.pool.submit(work)
        self._then[future] = then
        future.add_done_callback(self._done.put)

    def results(self) -> Iterator[T]:
        """Whatever comes of the tasks, until none is left. Raises what they raise."""
        while self._then:
            future = self._done.get()
            result = self._then.pop(future)(future.result())
            if result is not None:
                yield result

    def give_up(self) -> bool:
        """Start nothing more; whether something is still under way after a moment."""
        self.stop.set()
        return bool(wait([future for future in self._then if not future.cancel()], _PATIENCE).not_done)
