"""A page for each rule, and an index, in Markdown: all of it follows from the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import yaml

from auditor.model.finding import Verdict
from auditor.model.inventory import SourceKind
from auditor.rules.book import Book
from auditor.rules.rule import Rule
from auditor.rules.words import decided

INDEX: Final = "index.md"


def pages(book: Book) -> dict[str, str]:
    """The text of every page by file name."""
    return {INDEX: index_page(book), **{f"{rule.id}.md": rule_page(rule, book) for rule in book.rules.values()}}


def index_page(book: Book) -> str:
    """Every rule in a line, worst first within its control; before them the controls with their numbers of rules."""
    rules = {control: [rule for rule in book.rules.values() if rule.control == control] for control in book.controls}
    contents = [
        f"[{control.title}](#{_anchor(control.title)}) {len(rules[control.id])}" if rules[control.id] else f"{control.title} 0"
        for control in book.controls.values()
    ]
    lines = ["# Rules", "", f"{len(book.rules)} rules, written in [the rule language](../rule-language.md), by control:", ""]
    lines += [" · ".join(contents), ""]
    for control in book.controls.values():
        if rules[control.id]:
            lines += [f"## {control.title}", "", *([control.doc, ""] if control.doc else [])]
            lines += ["| rule | severity | resource | asks that |", "|---|---|---|---|"]
            lines += [
                f"| [{rule.id}]({rule.id}.md) | {rule.severity} | `{rule.resource}` | {rule.title} |"
                for rule in sorted(rules[control.id], key=lambda rule: rule.severity.rank)
            ]
            lines += [""]
    return "\n".join(lines)


def _anchor(title: str) -> str:
    """What a heading is linked by where Markdown is shown on the web."""
    return title.lower().replace(" ", "-")


def rule_page(rule: Rule, book: Book) -> str:
    """One rule in full."""
    control = book.controls[rule.control]
    facts = [
        f"- **Rule** `{rule.id}`{' (preview)' if rule.preview else ''}",
        f"- **Severity** {rule.severity}",
        f"- **Resource** `{rule.resource}`",
        f"- **Control** {control.title} (`{control.id}`)",
        f"- **Judges** {', '.join(_judges(rule))}",
    ]
    sections = [
        (f"# {rule.title}", [*facts, "", rule.why]),
        ("## How it is decided", _how(rule)),
        ("## Parameters", _parameters(rule)),
        ("## Fix", _fix(rule)),
        ("## Examples", _examples(rule)),
        ("## Answers", [f"- {_framework(book, name)}: {', '.join(theirs)}" for name, theirs in rule.frameworks.items()]),
        ("## Known elsewhere as", [f"- `{alias}`" for alias in rule.aliases]),
        ("## Source", [f"- <{page}>" for page in rule.source]),
    ]
    return "\n\n".join(f"{title}\n\n{body}" for title, lines in sections if (body := "\n".join(lines).strip())) + "\n"


_KINDS: Final = {
    SourceKind.LIVE: "live accounts",
    SourceKind.SNAPSHOT: "snapshots",
    SourceKind.CLOUDFORMATION: "CloudFormation templates",
    SourceKind.TERRAFORM: "Terraform plans",
}


def _judges(rule: Rule) -> list[str]:
    return [title for kind, title in _KINDS.items() if rule.applies_to(kind)]


def _how(rule: Rule) -> Iterator[str]:
    if rule.when is not None:
        yield from ("Does not apply unless:", "", *decided(rule.when), "", "Passes where:", "")
    else:
        yield from ("Passes where:", "")
    yield from decided(rule.asserts)


def _parameters(rule: Rule) -> Iterator[str]:
    for parameter in rule.parameters.values():
        yield f"- `{parameter.name}` (default `{_inline(parameter.default)}`): {parameter.why}"


_FENCES: Final = {"cli": "sh", "cloudformation": "yaml", "terraform": "hcl"}
_TITLES: Final = {"cli": "AWS CLI", "console": "Console", "cloudformation": "CloudFormation", "terraform": "Terraform"}


def _fix(rule: Rule) -> Iterator[str]:
    yield rule.fix["text"]
    for kind, title in _TITLES.items():
        if kind in rule.fix:
            text = rule.fix[kind].rstrip()
            yield from ("", f"{title}:", "", *(_fenced(text, _FENCES[kind]) if kind in _FENCES else (text,)))


_VERDICTS: Final = {
    Verdict.PASS: "Passes",
    Verdict.FAIL: "Fails",
    Verdict.UNKNOWN: "Unknown",
    Verdict.NOT_APPLICABLE: "Does not apply",
}


def _examples(rule: Rule) -> Iterator[str]:
    """The first example of each verdict."""
    examples: list[Any] = [node.plain_value() for node in rule.examples]
    for verdict, title in _VERDICTS.items():
        example = next((item for item in examples if item["expect"] == verdict.value), None)
        if example is not None:
            shown = {key: value for key, value in example.items() if key != "expect"}
            yield from (f"{title}:", "", *_fenced(_block(shown), "yaml"), "")


def _framework(book: Book, name: str) -> str:
    return book.frameworks[name].title if name in book.frameworks else name


def _fenced(text: str, language: str) -> Iterable[str]:
    return (f"```{language}", text, "```")


def _block(value: object) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    return text.rstrip()


def _inline(value: object) -> str:
    return _block(value).removesuffix("...").rstrip()
