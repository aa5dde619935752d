"""What the expressions of one template can name, and the bounds they are evaluated within."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from auditor.files.errors import InputError, closest
from auditor.files.yaml import Node
from auditor.model.resource import Origin
from auditor.model.truth import Truth
from auditor.model.values import Unknown, Value

MAX_STEPS: Final = 300_000
"""Values a template may expand to. A template of AWS's own limit, 1 MB, has some tens of thousands."""
MAX_LEVELS: Final = 120
"""Expressions inside each other, through named conditions too."""
MAX_TEXT: Final = 1_000_000
"""Characters of one text put together: the limit of a whole template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""
MAX_POSSIBILITIES: Final = 256
"""Values that one expression may have. Beyond that it is simply unknown."""

_IDENTIFIER = re.compile(r"([$&])\{([A-Za-z0-9]+)\}")


class Truths(Protocol):
    """The conditions of a template, by name."""

    def truth(self, name: str, at: Node, scope: Scope) -> Truth:
        """Whether the condition ``name``, asked for at a node, holds."""

    def given(self, name: str) -> Truths:
        """The conditions as they are where ``name`` holds."""


@dataclass(slots=True)
class Budget:
    """How much of the bounds is used up."""

    steps: int = 0
    level: int = 0


@dataclass(slots=True)
class Scope:
    """What an expression can name where it stands.

    ``resources`` holds the type of each logical id. ``transformed`` says that a macro may add names that are not declared.
    ``loops`` holds the identifiers of the ``Fn::ForEach`` around. ``origins`` collects the place of each property by path.
    """

    file: str
    parameters: Mapping[str, Value]
    mappings: Node | None
    conditions: Truths
    resources: dict[str, str] = field(default_factory=dict)
    transformed: bool = False
    loops: Mapping[str, Value] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)

    def inside(self, identifier: str, item: Value) -> Scope:
        """The scope of one round of a loop."""
        return dataclasses.replace(self, loops={**self.loops, identifier: item})

    def assuming(self, conditions: Truths) -> Scope:
        """The scope of one resource: its own places, and conditions as they are where it exists."""
        return dataclasses.replace(self, conditions=conditions, origins={})

    def place(self, path: str, node: Node) -> None:
        """Note where the property at ``path`` stands."""
        self.origins[path] = Origin(self.file, node.line, node.column)

    def spend(self, node: Node, steps: int = 1) -> None:
        """Count work done. Raises ``InputError`` beyond the bound."""
        self.budget.steps += steps
        if self.budget.steps > MAX_STEPS:
            raise self.error(f"the template expands to more than {MAX_STEPS:,} values", node)

    def enter(self, node: Node) -> None:
        """Go one expression deeper. Raises ``InputError`` beyond the bound."""
        self.spend(node)
        self.budget.level += 1
        if self.budget.level > MAX_LEVELS:
            raise self.error(f"expressions stand more than {MAX_LEVELS} deep in each other", node)

    def leave(self) -> None:
        """Come back from ``enter``."""
        self.budget.level -= 1

    def fill(self, text: str) -> str:
        """``text`` with the known identifiers of the loops around in their places: ``${Name}``, or ``&{Name}`` for its letters and
        digits alone.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
        """
        return _IDENTIFIER.sub(self._identifier, text) if self.loops else text

    def _identifier(self, match: re.Match[str]) -> str:
        item = self.loops.get(match[2])
        if not isinstance(item, str):
            return match[0]
        return item if match[1] == "$" else re.sub(r"[^A-Za-z0-9]", "", item)

    def undecided_loop(self, text: str) -> Unknown | None:
        """The loop whose rounds are decided at deploy and whose identifier ``text`` names, if there is one."""
        if not self.loops:
            return None
        named = (self.loops.get(match[2]) for match in _IDENTIFIER.finditer(text))
        return next((item for item in named if isinstance(item, Unknown)), None)

    def error(self, message: str, node: Node, key: str = "") -> InputError:
        """An error at a node of the template."""
        return fault(self.file, node, message, key)

    def undeclared(self, what: str, name: str, declared: Iterable[str], node: Node, key: str) -> InputError:
        """The error of a name that nothing bears, with the closest that something does."""
        return self.error(f"no {what} is called '{name}'{closest(name, set(declared))}", node, key)


def fault(file: str, node: Node, message: str, key: str = "") -> InputError:
    """An error at a node of ``file``."""
    return InputError(message, file=file, line=node.line, column=node.column, key=key)
