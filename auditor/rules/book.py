"""The rule book: every rule, control and framework of its folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from auditor.files.data import data_folder
from auditor.files.errors import InputError, closest
from auditor.model.finding import Severity
from auditor.model.resource_type import ResourceType
from auditor.model.scan import Framework, FrameworkControl
from auditor.rules.document import Document, read_document, read_head
from auditor.rules.frameworks import read_framework
from auditor.rules.read import read_rule
from auditor.rules.rule import Rule
from auditor.types import all_types


@dataclass(frozen=True, slots=True)
class Control:
    """What one or more rules together see to, in our words."""

    id: str
    title: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """A checked rule book. ``digest`` is the SHA-256 of its files and of the parameters that were set."""

    rules: Mapping[str, Rule]
    controls: Mapping[str, Control]
    frameworks: Mapping[str, Framework]
    digest: str

    def select(
        self,
        rules: Iterable[str] = (),
        controls: Iterable[str] = (),
        frameworks: Iterable[str] = (),
        severities: Iterable[str] = (),
    ) -> Book:
        """The book with those rules alone that are among each of the kinds named; a kind that names none leaves all.

        A rule may be named by its id, by one it had, or by an alias. Raises ``InputError`` for a name that nothing bears.
        """
        chosen = [self.rule(name).id for name in rules]
        ours = [_known(name, self.controls, "control") for name in controls]
        theirs = [_known(name, self.frameworks, "framework") for name in frameworks]
        worst = [Severity(_known(name, set(Severity), "severity")) for name in severities]
        kept = {
            rule.id: rule
            for rule in self.rules.values()
            if (not chosen or rule.id in chosen)
            and (not ours or rule.control in ours)
            and (not theirs or not rule.frameworks.keys().isdisjoint(theirs))
            and (not worst or rule.severity in worst)
        }
        return replace(self, rules=kept)

    def rule(self, name: str) -> Rule:
        """The rule of an id, a former id or an alias. Raises ``InputError`` for a name that nothing bears."""
        names = {other: rule for rule in self.rules.values() for other in (*rule.aliases, *rule.formerly, rule.id)}
        return names[_known(name, names, "rule")]


def load_book(
    folders: Sequence[Path] | None = None,
    parameters: Mapping[str, Mapping[str, object]] | None = None,
    types: Mapping[str, ResourceType] | None = None,
    *,
    base: Path | None = None,
) -> Book:
    """The book of the rules that come with the auditor, and of those in ``folders`` besides.

    ``parameters`` are the values set for rules, by rule and name. ``base`` is a folder to take in place of the auditor's own
    rules. Raises the first ``InputError`` of ``check_book``.
    """
    loader = _load(folders, parameters, types, base, trusting=base is None)
    if loader.errors:
        raise loader.errors[0]
    return loader.book()


def check_book(
    folders: Sequence[Path] | None = None,
    parameters: Mapping[str, Mapping[str, object]] | None = None,
    types: Mapping[str, ResourceType] | None = None,
    *,
    base: Path | None = None,
) -> list[InputError]:
    """What is wrong with a book, arguments as for ``load_book``: the first error of each of its files."""
    return _load(folders, parameters, types, base).errors


_CHECKLIST: Final = "ml-checklist"
"""The framework that stands before the others."""
_CONTROLS: Final = "controls.yaml"
_FRAMEWORKS: Final = "frameworks"
_FEW: Final = 8
"""Names that are all told where none is near to the one that was asked for."""


@dataclass(slots=True)
class _Loader:
    types: Mapping[str, ResourceType]
    parameters: Mapping[str, Mapping[str, object]]
    trusted: Path | None = None
    """A folder whose rules' examples were tested, and are read only where they are asked for."""
    rules: dict[str, Rule] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    frameworks: dict[str, Framework] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Every id, alias and former id, and the file it is from."""
    hash: Any = field(default_factory=hashlib.sha256)

    def load(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise InputError("no such folder", file=str(folder))
            for path in sorted(folder.glob(_CONTROLS)):
                self._read(path, self._add_controls)
        for folder in folders:
            for path in sorted(folder.glob(f"{_FRAMEWORKS}/*.yaml")):
                self._read(path, self._add_framework)
        for folder in folders:
            for path in _rule_files(folder):
                self._read(path, self._add_rule, read_head if folder == self.trusted else read_document)
        for name in self.parameters:
            if name not in self.rules and not self.errors:
                self.errors.append(InputError(f"unknown rule '{name}'{closest(name, set(self.rules))}", key=name))

    def book(self) -> Book:
        rules = dict(sorted(self.rules.items()))
        names = sorted(self.frameworks, key=lambda name: (name != _CHECKLIST, name))
        frameworks = {name: _decided(self.frameworks[name], rules) for name in names}
        for rule in rules.values():
            rule.frameworks = _frameworks_of(rule, frameworks)
        if self.parameters:
            self.hash.update(json.dumps(self.parameters, sort_keys=True, default=str).encode())
        return Book(rules, self.controls, frameworks, self.hash.hexdigest())

    def _read(self, path: Path, add: Callable[[Document], None], read: Callable[[Path], Document] = read_document) -> None:
        try:
            document = read(path)
            self.hash.update(f"{path.name}\0{document.text}\0".encode())
            add(document)
        except InputError as error:
            self.errors.append(error)

    def _add_controls(self, document: Document) -> None:
        for key, value in document.root.pairs:
            entries = document.entries(value, f"control {key.content}", ("title",), ("doc",))
            doc = document.word(entries["doc"], "doc") if "doc" in entries else ""
            if key.content in self.controls:
                raise document.error(key, f"the control '{key.content}' stands twice")
            self.controls[str(key.content)] = Control(str(key.content), document.word(entries["title"], "title"), doc)

    def _add_framework(self, document: Document) -> None:
        entries = document.entries(document.root, "a framework", ("id", "title", "source", "controls"), ("published",))
        name = document.word(entries["id"], "id")
        if name in self.frameworks:
            raise document.error(entries["id"], f"the framework '{name}' stands twice", "id")
        if name != Path(document.file).stem:
            raise document.error(entries["id"], f"'{name}' is not the file's name", "id")
        self.frameworks[name] = read_framework(document, entries, self.controls)

    def _add_rule(self, document: Document) -> None:
        rule = read_rule(document, self.types, self.controls, self.parameters)
        for key, names in (("id", (rule.id,)), ("aliases", rule.aliases), ("formerly", rule.formerly)):
            for name in names:
                if name in self.names:
                    place = next(node for node, _ in document.root.pairs if node.content == key)
                    raise document.error(place, f"'{name}' already names a rule, in {self.names[name]}", key)
        self.names.update(dict.fromkeys((rule.id, *rule.aliases, *rule.formerly), document.file))
        self.rules[rule.id] = rule


def _load(
    folders: Sequence[Path] | None,
    parameters: Mapping[str, Mapping[str, object]] | None,
    types: Mapping[str, ResourceType] | None,
    base: Path | None,
    *,
    trusting: bool = False,
) -> _Loader:
    own = base if base is not None else data_folder("rules")
    loader = _Loader(types if types is not None else all_types(), parameters or {}, own if trusting else None)
    others = [folder for folder in folders or () if folder.resolve() != own.resolve()]
    loader.load((own, *others))
    return loader


def _rule_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.yaml")):
        if path.relative_to(folder).parts[0] not in (_CONTROLS, _FRAMEWORKS):
            yield path


def _decided(framework: Framework, rules: Mapping[str, Rule]) -> Framework:
    """``framework`` with the rules that decide each of its controls."""
    controls = [
        replace(control, rules=[rule.id for rule in rules.values() if _decides(rule, control)])
        for control in framework.controls
    ]
    return replace(framework, controls=controls)


def _decides(rule: Rule, control: FrameworkControl) -> bool:
    """A control that names none of ours is a single check, and whoever makes it bears its id."""
    return rule.control in control.controls if control.controls else control.id in rule.aliases


def _frameworks_of(rule: Rule, frameworks: Mapping[str, Framework]) -> dict[str, list[str]]:
    found = {
        name: [control.id for control in framework.controls if rule.id in control.rules]
        for name, framework in frameworks.items()
    }
    return {name: theirs for name, theirs in found.items() if theirs}


def _known(name: str, known: Collection[str], what: str) -> str:
    if name not in known:
        few = f"; there are {', '.join(sorted(known))}" if len(known) <= _FEW else ""
        raise InputError(f"unknown {what} '{name}'{closest(name, frozenset(known)) or few}")
    return name
