"""The command line: click commands and the terminal, no logic. ``main`` is the entry point.

Command modules import only click, the standard library and what is as light at their top; what a command works with is imported
when it runs, so that ``--help`` and ``gate`` start quickly.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, Final

import click

from auditor import __version__
from auditor.cli.demo import demo
from auditor.cli.explain import explain
from auditor.cli.gate import gate
from auditor.cli.notes import LOG_FORMATS, Notes
from auditor.cli.output import reader_left
from auditor.cli.permissions import permissions
from auditor.cli.report import report
from auditor.cli.rules import rules
from auditor.cli.scan import scan
from auditor.cli.schema import schema
from auditor.cli.snapshot import snapshot
from auditor.files.errors import InputError, printable

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Click would exit with 1, findings, where the reader of standard output went away (| head)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            reader_left()
            return None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="auditor")
@click.option(
    "--quiet", "-q", is_flag=True, envvar="AUDITOR_QUIET", show_envvar=True, help="No notes and no progress on standard error."
)
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="text",
    envvar="AUDITOR_LOG_FORMAT",
    show_envvar=True,
    show_default=True,
    help="How notes and errors stand on standard error.",
)
@click.pass_context
def group(context: click.Context, *, quiet: bool, log_format: str) -> None:
    """Audit machine learning on AWS: one rule set for accounts, snapshots, templates and plans.

    What cannot be known is UNKNOWN, never a pass.

    \b
    Try it on an embedded account:   auditor demo
    Audit your own account:          auditor scan -f html -o report.html
    Check before you deploy:         auditor gate templates/

    Exit codes: 0 fine, 1 findings at or above --fail-on, 2 bad input, 3 something needed could not be read, 4 nothing to look at,
    70 internal error, 130 interrupted.
    """
    from auditor.cli.config import load_config

    notes = context.ensure_object(Notes)
    notes.quiet, notes.log_format = quiet, log_format
    context.default_map = load_config()


for _command in (demo, scan, gate, snapshot, explain, report, rules, permissions, schema):
    group.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code: one clear line for bad input, never a traceback for it."""
    from auditor.audit.exit_codes import ExitCode

    code = _run()
    if code == ExitCode.INTERRUPTED:
        # Python would wait for the threads whose requests AWS has not answered yet
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)


def _run() -> int:
    from auditor.audit.exit_codes import ExitCode

    notes = Notes()
    try:
        return int(group.main(standalone_mode=False, obj=notes) or ExitCode.OK)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.BAD_INPUT
    except click.ClickException as error:
        if notes.log_format == "json":
            notes.error(error.format_message())
        else:
            _show(error)
        return ExitCode.BAD_INPUT
    except InputError as error:
        notes.error(str(error))
        return ExitCode.BAD_INPUT
    except (KeyboardInterrupt, click.Abort):
        notes.error("interrupted", "")
        return ExitCode.INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            notes.error(f"cannot write: {error.strerror}")
            return ExitCode.BAD_INPUT
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        notes.error(f"internal error: {type(error).__name__}: {error} (set AUDITOR_DEBUG=1 for the traceback)", "")
        return ExitCode.INTERNAL


def _show(error: click.ClickException) -> None:
    """As click shows it, with names in it escaped: they may come from a pull request."""
    shown = io.StringIO()
    error.show(shown)
    click.echo("\n".join(map(printable, shown.getvalue().splitlines())), err=True)
