"""One thing in an account, a template or a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from auditor.model.values import Unknown, Value

GLOBAL: Final = "global"
"""The region of what has none (IAM, the account itself)."""

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: an API call (``sagemaker:DescribeModel``) or a file, with line and column from 1 (0: unknown)."""

    where: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.where}:{self.line}:{self.column}" if self.line else self.where


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource in CloudFormation's shape, whatever the source wrote it as.

    ``type`` is a CloudFormation type name, or the API's name in that style where CloudFormation has none. ``id`` names it within
    its source: the primary identifier (live, snapshot), the logical id (CloudFormation), the address (Terraform). ``properties``
    are declared ones; ``runtime`` what only the API knows. ``origins`` gives the place of single properties by path; what it
    does not name was read at ``origin``. Account, region and ARN are empty where the source does not know them.
    """

    type: str
    id: str
    properties: Mapping[str, Value]
    origin: Origin
    account: str = ""
    region: str = ""
    arn: str = ""
    runtime: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)
    tags: Mapping[str, Value] | Unknown = field(default_factory=lambda: _NOTHING)
    origins: Mapping[str, Origin] = field(default_factory=lambda: _NOTHING)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells this resource from every other of its inventory."""
        return (self.account, self.region, self.type, self.id)

    def origin_of(self, path: str) -> Origin:
        """Where ``path`` was read: the longest prefix of it that has an origin of its own, else the resource's."""
        if self.origins:
            while path:
                if (found := self.origins.get(path)) is not None:
                    return found
                path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.origin
