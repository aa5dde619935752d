"""One self-contained HTML page, readable without script, without style and without a network."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from auditor.files.data import data_folder
from auditor.model.finding import Finding, Severity
from auditor.model.scan import Scan
from auditor.report import frameworks, page, words

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_BUFFER: Final = 400


def write(scan: Scan, stream: BinaryIO) -> None:
    """Write ``scan`` as a page. However many findings there are, only those that the page lists are held."""
    from markupsafe import Markup

    style, script = (_asset(name) for name in ("report.css", "report.js"))
    template = _environment().get_template("report.html")
    assets = {"style": Markup(style), "script": Markup(script)}  # noqa: S704 (the project's own files; all else is escaped)
    chunks = template.stream(page=page.arranged(scan), scan=scan, policy=_policy(style, script), **assets)
    chunks.enable_buffering(_BUFFER)
    for chunk in chunks:
        stream.write(chunk.encode("utf-8"))


def _asset(name: str) -> str:
    return (data_folder("reports") / "assets" / name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    """A content security policy under which the page's own style and script run, nothing else does, and nothing is fetched."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {_source(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _environment() -> Environment:
    """Every value is escaped, and what does not show in it is spelt out, wherever a template prints it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(data_folder("reports") / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "lines": _lines,
        "commas": "{:,}".format,
        "found": words.found,
        "counted": words.counted,
        "brief": words.brief,
        "looked_at": words.looked_at,
        "attestation": frameworks.attestation,
        "attested": frameworks.attested,
        "anchor": _anchor,
    }
    environment.globals |= {
        "words": words,
        "STATUSES": words.STATUSES,
        "STATES": frameworks.STATES,
        "LISTED": page.LISTED,
        "SEVERITIES": list(Severity),
        "FIX_KINDS": words.FIX_KINDS,
        "LONG_NAME": words.LONG_NAME,
        "ROWS": page.ROWS,
    }
    return environment


def _shown(value: Any) -> Any:
    """Markup is what templates made themselves; all other text may come from an account."""
    return words.visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _lines(text: str) -> Markup:
    """Text of several lines, escaped."""
    from markupsafe import escape

    return escape(words.visible_lines(text))


def _anchor(finding: Finding) -> str:
    """Enough of a fingerprint to tell the findings of one page apart, and for ``auditor explain``."""
    return finding.fingerprint[:12]
