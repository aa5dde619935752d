"""``auditor permissions``."""

from __future__ import annotations

import json
from typing import Any

import click

from auditor.cli.options import chosen_book, rule_selection


@click.command(short_help="The least IAM policy that a scan needs.")
@click.option("--snapshot", is_flag=True, help="What `auditor snapshot` needs: every type, whatever the rules read.")
@rule_selection
def permissions(*, snapshot: bool, **options: Any) -> int:
    """The least IAM policy that a scan needs, derived from what the chosen rules read.

    Put it into the role that reads as an inline policy: of all rules, it is longer than a managed one may be.

    \b
    auditor permissions > policy.json
    auditor permissions --rule sagemaker-notebook-private-subnet
    """
    from auditor.audit.account import needed_records
    from auditor.sources.aws.permissions import policy
    from auditor.types import all_types

    types = all_types() if snapshot else needed_records(chosen_book(options))
    click.echo(json.dumps(policy(types), indent=2))
    return 0
