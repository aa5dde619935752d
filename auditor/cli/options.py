"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from auditor.model.finding import Severity
    from auditor.model.resource import Resource
    from auditor.model.scan import Attestation
    from auditor.rules import Book

F = TypeVar("F", bound=Callable[..., Any])

_SEVERITIES = ("critical", "high", "medium", "low")


def selection(command: F) -> F:
    """Which rules, and with ``--resource`` which of the resources they are about."""
    resources = click.option(
        "--resource", "resources", multiple=True, metavar="GLOB", help="Only resources with this id or ARN."
    )
    return rule_selection(resources(command))


def rule_selection(command: F) -> F:
    """``--rule --control --framework --severity``, and where more rules lie."""
    for option in (
        click.option("--severity", "severities", multiple=True, type=click.Choice(_SEVERITIES), help="Only rules this severe."),
        click.option("--framework", "frameworks", multiple=True, metavar="ID", help="Only rules of this framework's controls."),
        click.option("--control", "controls", multiple=True, metavar="ID", help="Only rules of this control."),
        click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule, by its id or a peer's id for it."),
        rule_folders,
    ):
        command = option(command)
    return command


rule_folders = click.option(
    "--rules-from",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    envvar="AUDITOR_RULES_FROM",
    show_envvar=True,
    help="A folder with rules of your own, beside the built-in ones.",
)


attestation_file = click.option(
    "--attestations",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    envvar="AUDITOR_ATTESTATIONS",
    show_envvar=True,
    help="What people answer for where no rule looks; shown beside the findings, changing none.",
)


def attested(options: dict[str, Any], book: Book) -> list[Attestation]:
    """The attestations of the file that ``--attestations`` names, if it does."""
    if options["attestations"] is None:
        return []
    from auditor.audit.attestations import read_attestations

    return read_attestations(Path(options["attestations"]), book)


def judgement(default: str) -> Callable[[F], F]:
    """``--fail-on`` with its default, and ``--fail-on-unknown``."""

    def add(command: F) -> F:
        command = click.option(
            "--fail-on-unknown",
            is_flag=True,
            envvar="AUDITOR_FAIL_ON_UNKNOWN",
            show_envvar=True,
            help="Exit 1 also for what is decided at deploy or lies outside the source.",
        )(command)
        return click.option(
            "--fail-on",
            type=click.Choice((*_SEVERITIES, "none")),
            default=default,
            show_default=True,
            envvar="AUDITOR_FAIL_ON",
            show_envvar=True,
            help="Exit 1 where a failure is at least this severe.",
        )(command)

    return add


def threshold(fail_on: str) -> Severity | None:
    """The severity that ``--fail-on`` names."""
    from auditor.model.finding import Severity

    return None if fail_on == "none" else Severity(fail_on)


def whole_book(folders: tuple[str, ...]) -> Book:
    """Every rule, with the parameters that ``auditor.yaml`` sets."""
    from auditor.cli.config import located, parameters
    from auditor.files.errors import InputError
    from auditor.rules import load_book

    try:
        return load_book([Path(folder) for folder in folders], parameters())
    except InputError as error:
        raise located(error) from error


def chosen_book(options: dict[str, Any]) -> Book:
    """The rule book that the selection options in ``options`` ask for. Raises ``InputError`` where they leave no rule."""
    from auditor.files.errors import InputError

    book = whole_book(options["folders"]).select(
        options["rules"], options["controls"], options["frameworks"], options["severities"]
    )
    if not book.rules:
        raise InputError("no rule is chosen by all of --rule, --control, --framework and --severity together")
    return book


def subject_filter(options: dict[str, Any]) -> Callable[[Resource], bool] | None:
    """Which resources ``--resource`` limits the subjects to."""
    patterns: tuple[str, ...] = options["resources"]
    if not patterns:
        return None
    return lambda resource: any(fnmatchcase(resource.id, glob) or fnmatchcase(resource.arn, glob) for glob in patterns)
