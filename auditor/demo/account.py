"""The demo's accounts: built in this process through boto3, then handed out to be read like any others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from auditor.demo.areas import all_sites
from auditor.demo.beside import Beside
from auditor.demo.environment import sealed_environment
from auditor.demo.platform import SITES
from auditor.demo.steps import Ref
from auditor.files.errors import InputError
from auditor.model.paths import walk
from auditor.types import all_types

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session

_SEED: Final = 20_261_124
"""Makes the ids that moto gives (subnets, keys) the same in every run, and with them the findings' fingerprints."""

_ATTACHED: Final = ("AdministratorAccess", "AmazonSageMakerFullAccess")
"""The policies of AWS's own that are attached to something."""


@contextmanager
def demo_accounts() -> Iterator[tuple[Session, ...]]:
    """Reading sessions for the accounts of the demo's platform, which exist for the length of the block.

    Nothing of the user's own AWS configuration is looked at, and no request leaves the process. Raises ``InputError`` where moto
    is not installed.
    """
    from auditor.sources.aws.session import reading_session

    with sealed_environment(), _embedded() as beside:
        accounts = dict.fromkeys(site.account for site in SITES)
        for account in accounts:
            _build(account, beside)
        yield tuple(reading_session(types=all_types(), role_arn=_role(account)) for account in accounts)


def _role(account: str) -> str:
    return f"arn:aws:iam::{account}:role/auditor"


@contextmanager
def _embedded() -> Iterator[Beside]:
    try:
        from moto import mock_aws
        from moto.core.botocore_stubber import BotocoreStubber
        from moto.iam.aws_managed_policies import aws_managed_policies_data
        from moto.moto_api._internal import mock_random
    except ImportError as error:
        raise InputError("the demo needs moto: pip install 'ml-auditor[demo]'") from error
    from auditor.demo.backend import Backend
    from auditor.sources.aws.permissions import operations

    beside = Beside(frozenset(operations(all_types())))
    answer = Backend(BotocoreStubber.__call__, beside).handler()
    published = json.loads(aws_managed_policies_data)
    with (
        # each of moto's many IAM backends would load all of AWS's own policies
        patch("moto.iam.models.aws_managed_policies_data", json.dumps({name: published[name] for name in _ATTACHED})),
        mock_aws(config={"iam": {"load_aws_managed_policies": True}}),
        patch.object(BotocoreStubber, "__call__", answer),
        # the one service that does not ask moto for its ids
        patch("moto.fsx.models.uuid4", mock_random.uuid4),
    ):
        mock_random.seed(_SEED)
        yield beside


def _build(account: str, beside: Beside) -> None:
    """Make what the sites of ``account`` hold, in their order, and then have ``beside`` tell the rest."""
    from botocore import xform_name

    from auditor.sources.aws.session import building_session

    sites = [site for site in (*SITES, *all_sites()) if site.account == account]
    allowed = frozenset(step.operation for site in sites for step in site.steps)
    session = building_session(allowed, role_arn=_role(account))
    names: dict[str, str] = {}
    for site in sites:
        for step in site.steps:
            service, operation = step.operation.split(":")
            answer = getattr(session.client(service, site.region), xform_name(operation))(**_resolved(step.params, names))
            names |= {name: next(value for _, value in walk(answer, place)) for name, place in step.names.items()}
    for site in sites:
        for told in site.told:
            beside.tell(account, site.region, told.operation, told.asked, _resolved(told.answer, names))


def _resolved(value: Any, names: dict[str, str]) -> Any:
    match value:
        case Ref(name):
            return names[name]
        case dict():
            return {key: _resolved(item, names) for key, item in value.items()}
        case list():
            return [_resolved(item, names) for item in value]
        case _:
            return value
