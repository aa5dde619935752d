"""What the embedded accounts answer where moto has no such operation: what the platform says they tell, else that there is nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from auditor.demo.amendments import Asked

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body, as they come over the wire."""


@dataclass
class Beside:
    """Answers for the ``operations`` that a scan makes, each as ``service:Operation``."""

    operations: frozenset[str]
    _told: defaultdict[tuple[str, str, str], list[tuple[str, Mapping[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @cached_property
    def services(self) -> Mapping[str, str]:
        """The names of services by those that botocore's events give them."""
        found = {operation.split(":")[0]: operation for operation in self.operations}
        return {_model(operation).service_model.service_id.hyphenize(): name for name, operation in found.items()}

    def tell(self, account: str, region: str, operation: str, asked: str, answer: Mapping[str, Any]) -> None:
        """Answer so from now on to ``operation`` in that place, where the request's address or body holds ``asked``."""
        self._told[account, region, operation].append((asked, answer))

    def told(self, asked: Asked) -> Answer | None:
        """What was told for this request, if anything was."""
        for part, answer in self._told[asked.account, asked.region, asked.operation]:
            if part in asked.text:
                return _written(asked.operation, answer)
        return None

    def empty(self, asked: Asked) -> Answer | None:
        """That there is none of what this request lists; nothing for a request that lists nothing."""
        if asked.operation not in self.operations:
            return None
        members = _model(asked.operation).output_shape.members
        lists: dict[str, Any] = {name: [] for name, shape in members.items() if shape.type_name == "list"}
        return _written(asked.operation, lists) if lists else None


def _model(operation: str) -> Any:
    """What moto, which writes its answers from it, makes of botocore's model."""
    from moto.core.utils import get_service_model

    service, name = operation.split(":")
    return get_service_model(service).operation_model(name)


def _written(operation: str, answer: Mapping[str, Any]) -> Answer:
    from moto.core.serialize import get_serializer_class

    model = _model(operation)
    service = model.service_model
    response = get_serializer_class(service.service_name, service.resolved_protocol)(model).serialize(answer)
    body = response["body"]
    return response["status_code"], response["headers"], body.encode() if isinstance(body, str) else body
