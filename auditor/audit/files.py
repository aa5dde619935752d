"""Opening what people name on the command line: snapshots, templates, plans, and folders of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from auditor.audit.evaluate import looked_back_at
from auditor.audit.scan import Source
from auditor.files.errors import InputError, closest
from auditor.files.reading import open_regular
from auditor.model.inventory import SourceKind
from auditor.rules import Book
from auditor.types import all_types

SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".jsonl")
"""What a folder is searched for. A file named outright may have any name."""

_SKIPPED_FOLDERS: Final = frozenset((".git", ".terraform", "node_modules", "__pycache__", ".venv"))
_LOOK: Final = 65_536
_MOST: Final = 200_000_000
"""Bytes searched for what tells a template or a plan: no larger one is read."""
_PLAN = re.compile(rb'"(?:planned_values|terraform_version|resource_changes)"\s*:')
_TEMPLATE = re.compile(rb"""["']?AWSTemplateFormatVersion["']?\s*:|(?:^|[{,])[ \t]*["']?Resources["']?\s*:""", re.MULTILINE)
_RESOURCE = re.compile(rb"""["']?Type["']?\s*:\s*["']?(?:AWS|Custom)::""")


def kind_of(path: Path) -> SourceKind | None:
    """What a file is by its content, or nothing where it is none of these. Raises ``InputError`` where it cannot be read."""
    try:
        with open_regular(path) as file:
            text = file.read(_LOOK)
            if _begins_a_snapshot(text):
                return SourceKind.SNAPSHOT
            # a plan's or a long template's telling keys may stand anywhere
            text = text.removeprefix(b"\xef\xbb\xbf") + file.read(_MOST)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    if text.lstrip()[:1] == b"{" and _PLAN.search(text):
        return SourceKind.TERRAFORM
    if _TEMPLATE.search(text) and (b"AWSTemplateFormatVersion" in text or _RESOURCE.search(text)):
        return SourceKind.CLOUDFORMATION
    return None


def _begins_a_snapshot(start: bytes) -> bool:
    if not start.startswith(b"{"):
        return False
    from auditor.sources.snapshot import BEGIN

    return start.startswith(BEGIN)


def open_file(path: Path, book: Book, parameters: Mapping[str, str] | None = None) -> Source:
    """The one source that ``path`` holds. Raises ``InputError`` where it is none, or cannot be read or parsed."""
    kind = kind_of(path)
    if kind is None:
        raise InputError("not a snapshot, a CloudFormation template or a Terraform plan (terraform show -json)", file=str(path))
    if kind is SourceKind.SNAPSHOT:
        return _open_snapshot(path, book)
    if kind is SourceKind.CLOUDFORMATION:
        from auditor.sources.cloudformation import read_template

        inventory = read_template(path, all_types(), parameters)
    else:
        from auditor.sources.terraform import read_plan

        inventory = read_plan(path, all_types())
    return Source(inventory, _digest(path), address_of(path))


def open_files(paths: tuple[Path, ...], book: Book, parameters: Mapping[str, str]) -> Iterator[Source]:
    """The sources in the files and folders named, one after the other; each template gets those ``parameters`` that it takes.

    Raises ``InputError`` as ``open_file`` does, and for a parameter that no template takes.
    """
    files = list(find_files(paths))
    taken = {path: _parameters_of(path) for path in files} if parameters else {}
    every = frozenset(name for names in taken.values() for name in names)
    for name in parameters:
        if name not in every:
            raise InputError(f"no template has such a parameter{closest(name, every)}", key=name)
    for path in files:
        yield open_file(path, book, {name: value for name, value in parameters.items() if name in taken[path]})


def _parameters_of(path: Path) -> frozenset[str]:
    if kind_of(path) is not SourceKind.CLOUDFORMATION:
        return frozenset()
    from auditor.sources.cloudformation import parameter_names

    return parameter_names(path)


def find_files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files named, and the templates and plans in the folders named, each once, in a stable order.

    A file of a folder that is neither is left out; one that is and cannot be parsed is handed out, for its reader to say why.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _in_folder(path) if path.is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def _in_folder(folder: Path) -> Iterator[Path]:
    waiting = _listed(folder)
    while waiting:
        entry = waiting.pop()
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if path.name not in _SKIPPED_FOLDERS:
                waiting.extend(_listed(path))
        elif path.suffix in SUFFIXES and entry.is_file() and kind_of(path) in (SourceKind.CLOUDFORMATION, SourceKind.TERRAFORM):
            yield path


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, the first by name last. Raises ``InputError`` where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(folder)) from error


def _open_snapshot(path: Path, book: Book) -> Source:
    from auditor.sources.snapshot import open_snapshot

    inventory, collection = open_snapshot(path, all_types(), looked_back_at(book))
    return Source(inventory, _digest(path), collection=collection)


def address_of(path: Path) -> str:
    """The path within the repository that the file lies in, wherever that is checked out; outside of one, its name."""
    whole = path.resolve()
    for folder in whole.parents:
        if (folder / ".git").exists():
            return whole.relative_to(folder).as_posix()
    return whole.name


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
