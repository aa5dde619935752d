"""``auditor rules``: the rule book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from auditor.cli.options import chosen_book, rule_folders, rule_selection, whole_book


@click.group(short_help="The rule book: list, show, test, new, docs.")
def rules() -> None:
    """The rule book.

    \b
    auditor rules list --framework ml-checklist
    auditor rules show SageMaker.2
    """


@rules.command("list", short_help="Every rule, a line each.")
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@rule_selection
def list_rules(form: str, **options: Any) -> int:
    """Every rule: id, severity and title; as JSON its resource, control and aliases too.

    \b
    auditor rules list --severity critical --severity high
    auditor rules list -f json | jq -r '.[].id'
    """
    chosen = chosen_book(options).rules.values()
    if form == "json":
        keys = ("id", "title", "severity", "resource", "control", "aliases")
        click.echo(json.dumps([{key: getattr(rule, key) for key in keys} for rule in chosen], indent=2, default=list))
        return 0
    width = max((len(rule.id) for rule in chosen), default=0)
    for rule in chosen:
        click.echo(f"{rule.id:{width}}  {rule.severity:8}  {rule.title}")
    return 0


@rules.command("show", short_help="One rule in full.")
@click.argument("rule")
@click.option("-f", "--format", "form", type=click.Choice(("markdown", "json")), default="markdown", show_default=True)
@rule_folders
def show_rule(rule: str, form: str, folders: tuple[str, ...]) -> int:
    """One rule in full, by its id or by a peer's id for the same check.

    \b
    auditor rules show sagemaker-notebook-private-subnet
    auditor rules show SageMaker.2 -f json
    """
    from dataclasses import asdict

    from auditor.rules.docs import rule_page

    book = whole_book(folders).select(rules=(rule,))
    for found in book.rules.values():
        click.echo(json.dumps(asdict(found.info()), indent=2) if form == "json" else rule_page(found, book))
    return 0


@rules.command("test", short_help="Check every rule and run its examples.")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False))
def test_rules(folders: tuple[str, ...]) -> int:
    """Check every rule, run its examples, and see that dropping any clause changes some example's verdict.

    \b
    auditor rules test
    auditor rules test my-rules/
    """
    from auditor.audit.exit_codes import ExitCode
    from auditor.audit.providers import providers
    from auditor.report.words import counted
    from auditor.rules import check_book, load_book
    from auditor.rules.examples import run_examples
    from auditor.types.facts import FACTS

    paths = [Path(folder) for folder in folders]
    problems: list[object] = list(check_book(paths))
    if not problems:
        book = load_book(paths)
        problems.extend(run_examples(book, providers(FACTS)))
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(counted(len(problems), "problem"), err=True)
        return ExitCode.BAD_INPUT
    examples = sum(len(rule.examples) for rule in book.rules.values())
    click.echo(f"{len(book.rules)} rules, {examples} examples: all as expected, and no clause is idle")
    return ExitCode.OK


@rules.command("new", short_help="Begin a rule of your own.")
@click.argument("rule")
@click.option("--type", "resource", required=True, metavar="TYPE", help="Its resource type: AWS::SageMaker::Model.")
@click.option("-o", "--output", "folder", default=".", show_default=True, type=click.Path(file_okay=False), help="Where to.")
def new_rule(rule: str, resource: str, folder: str) -> int:
    """Write a skeleton of a rule, with examples to complete.

    \b
    auditor rules new our-notebook-names --type AWS::SageMaker::NotebookInstance -o our-rules/
    """
    from auditor.files.atomic import replacing
    from auditor.files.errors import InputError
    from auditor.rules.new import skeleton

    path = Path(folder) / f"{rule}.yaml"
    if path.exists():
        raise InputError("already exists", file=str(path))
    text = skeleton(rule, resource)
    _make(path.parent)
    with replacing(path) as file:
        file.write(text.encode())
    click.echo(f"wrote {path}; complete it, then: auditor rules test {folder}")
    return 0


@rules.command("docs", short_help="Write the rules' pages.")
@click.option("-o", "--output", "folder", default="docs/rules", show_default=True, type=click.Path(file_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; exit 2 where a page is not up to date.")
@rule_folders
def rule_docs(folder: str, folders: tuple[str, ...], *, check: bool) -> int:
    """Write a page for each rule and an index.

    \b
    auditor rules docs -o docs/rules
    auditor rules docs --check
    """
    from auditor.audit.exit_codes import ExitCode
    from auditor.files.atomic import replacing
    from auditor.rules.docs import pages

    wanted = pages(whole_book(folders))
    base = Path(folder)
    there = {path.name: path.read_text(encoding="utf-8") for path in base.glob("*.md")} if base.is_dir() else {}
    changed = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if check:
        for name in changed:
            click.echo(f"{base / name}: not up to date; run: auditor rules docs", err=True)
        return ExitCode.BAD_INPUT if changed else ExitCode.OK
    _make(base)
    for name in changed:
        if name not in wanted:
            (base / name).unlink()
            continue
        with replacing(base / name) as file:
            file.write(wanted[name].encode())
    click.echo(f"{len(wanted)} pages in {base}, {len(changed)} changed")
    return ExitCode.OK


def _make(folder: Path) -> None:
    from auditor.files.errors import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"no folder can be made here: {error.strerror}", file=str(folder)) from error
