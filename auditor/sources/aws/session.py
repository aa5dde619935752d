"""The only door to AWS: sessions whose clients can ask nothing but what was named when the session was made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, NoCredentialsError, ProfileNotFound

from auditor import __version__
from auditor.files.errors import InputError, closest
from auditor.model.resource import GLOBAL
from auditor.model.resource_type import ResourceType
from auditor.model.scan import Identity
from auditor.sources.aws.calls import UNPARSABLE, WORKERS, Caller, UnansweredError
from auditor.sources.aws.guard import SIGNING_IN, guard
from auditor.sources.aws.models import loader
from auditor.sources.aws.parsers import StrictParsers
from auditor.sources.aws.permissions import operations

MAX_ATTEMPTS: Final = 5
_LARGEST_PAGE: Final = 1000

# where the services without regions answer: https://docs.aws.amazon.com/general/latest/gr/iam-service.html
_HOMES: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}

Hooks: TypeAlias = Mapping[str, Callable[..., Any]]
"""Handlers by botocore event, such as ``before-send``; they come before any other of the event."""


@dataclass(slots=True)
class Session:
    """Clients of one account, made when first asked for and shared between threads."""

    _core: botocore.session.Session
    _boto: boto3.Session
    _config: Config
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _models: dict[str, Any] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _identity: Identity | None = None

    def client(self, service: str, region: str) -> Any:
        """The botocore client of a service in a region; ``global`` is the home of the services that have none.

        It has no method for an operation that the session does not allow; the guard would refuse it before a request is made.
        """
        region = self.home if region == GLOBAL else region
        with self._lock:
            found = self._clients.get((service, region))
            if found is None:
                found = self._boto.client(service, region_name=region, config=self._config)
                self._clients[service, region] = found
        return found

    @property
    def built(self) -> frozenset[tuple[str, str]]:
        """The (service, region) of every client made so far."""
        return frozenset(self._clients)

    @property
    def own_region(self) -> str:
        """The region that the environment or the profile names, else ``us-east-1``."""
        return self._boto.region_name or "us-east-1"

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn``, ``aws-us-gov``…: the second part of every ARN of the account."""
        parts = self.identity().arn.split(":")
        return parts[1] if len(parts) > 1 else "aws"

    @property
    def home(self) -> str:
        """The region in which the account's global services answer."""
        return _HOMES.get(self.partition, self.own_region)

    def identity(self) -> Identity:
        """Who asks, by ``sts:GetCallerIdentity``, asked once.

        Raises ``InputError`` where there are no credentials, they are not valid (any more), or AWS does not answer.
        """
        with self._lock:
            if self._identity is None:
                self._identity = self._asked_identity()
            return self._identity

    def _asked_identity(self) -> Identity:
        operation = "sts:GetCallerIdentity"
        try:
            answer = Caller(self, self.own_region).one(operation, {})
            return Identity(answer["Account"], answer["Arn"])
        except UnansweredError as error:
            raise InputError(_without_identity(error)) from error
        except KeyError as error:
            raise InputError(f"AWS did not say who asks: {operation} answered without {error}") from error

    def regions(self, wanted: Iterable[str] | None = None) -> tuple[str, ...]:
        """The ``wanted`` regions, or all that are enabled in the account, in alphabetical order.

        Raises ``InputError`` for one that does not exist or is not enabled, ``UnansweredError`` where none is named and
        ``ec2:DescribeRegions`` fails (``known_regions`` are then what is left).
        """
        names = None if wanted is None else sorted(set(wanted))
        try:
            enabled = self._asked_regions()
        except UnansweredError:
            if names is None:
                raise
            return _existing(names, dict.fromkeys(self.known_regions(), True))
        if names is None:
            return tuple(sorted(name for name, is_enabled in enabled.items() if is_enabled))
        return _existing(names, enabled)

    def _asked_regions(self) -> dict[str, bool]:
        operation = "ec2:DescribeRegions"
        found = Caller(self, self.home).one(operation, {"AllRegions": True}).get("Regions", [])
        if not found or not all(item.get("RegionName") for item in found):
            raise UnansweredError(operation, UNPARSABLE, "no regions, or one without a name")
        return {item["RegionName"]: item.get("OptInStatus") != "not-opted-in" for item in found}

    def known_regions(self) -> tuple[str, ...]:
        """The partition's regions with SageMaker that botocore knows of, enabled or not."""
        return tuple(sorted(self._boto.get_available_regions("sagemaker", self.partition)))

    def model(self, operation: str) -> Any:
        """Botocore's model of ``service:Operation``."""
        service, name = operation.split(":")
        with self._lock:
            found = self._models.get(operation)
            if found is None:
                found = self._models[operation] = self._core.get_service_model(service).operation_model(name)
        return found

    def page_size(self, operation: str) -> int:
        """The most items that a page of ``operation`` may hold, at most 1,000; 0 where that cannot be asked for."""
        with self._lock:
            size = self._sizes.get(operation)
            if size is None:
                size = self._sizes[operation] = self._page_size(operation)
        return size

    def _page_size(self, operation: str) -> int:
        service, name = operation.split(":")
        limit = self._core.get_paginator_model(service).get_paginator(name).get("limit_key")
        if limit is None:
            return 0
        most = self.model(operation).input_shape.members[limit].metadata.get("max", 100)
        return int(min(most, _LARGEST_PAGE))


def reading_session(
    *,
    types: Mapping[str, ResourceType],
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    hooks: Hooks | None = None,
) -> Session:
    """A session that can ask what the records of ``types`` name, and nothing else.

    ``profile`` is one of the AWS configuration; ``role_arn`` a role to assume with its credentials, giving ``external_id`` where
    the role wants one. ``hooks`` are further handlers of botocore's events. Raises ``InputError`` for a profile that is not there.
    """
    allowed = frozenset(operations(types))
    core = _core(profile, allowed)
    if role_arn is not None:
        _prepare(core, frozenset(), hooks)
        core = _assuming(core, allowed, role_arn, external_id)
    return _opened(core, allowed, hooks)


def building_session(allowed: frozenset[str], *, role_arn: str | None = None, hooks: Hooks | None = None) -> Session:
    """A session that can ask the ``allowed`` operations (``service:Operation``), as ``role_arn`` where one is named.

    It is what builds the demo's accounts.
    """
    core = _core(None, allowed)
    return _opened(core if role_arn is None else _assuming(core, allowed, role_arn, None), allowed, hooks)


def _prepare(core: botocore.session.Session, allowed: frozenset[str], hooks: Hooks | None) -> None:
    # before any client is made: each takes its handlers and parsers from the session
    core.register_component("response_parser_factory", StrictParsers())
    core.register("before-parameter-build", guard(allowed))
    for event, handler in (hooks or {}).items():
        core.get_component("event_emitter").register_first(event, handler)


def _opened(core: botocore.session.Session, allowed: frozenset[str], hooks: Hooks | None) -> Session:
    _prepare(core, allowed, hooks)
    config = Config(
        retries={"mode": "standard", "total_max_attempts": MAX_ATTEMPTS},
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=WORKERS,
        user_agent_extra=f"ml-auditor/{__version__}",
    )
    try:
        return Session(core, boto3.Session(botocore_session=core), config)
    except BotoCoreError as error:
        raise InputError(f"the AWS configuration cannot be used: {error}") from error


def _core(profile: str | None, allowed: frozenset[str]) -> botocore.session.Session:
    core = _bare(profile, allowed)
    try:
        core.get_scoped_config()
    except ProfileNotFound as error:
        name = profile or core.get_config_variable("profile")
        raise InputError(f"no AWS profile is called '{name}'{closest(str(name), set(core.available_profiles))}") from error
    except BotoCoreError as error:
        raise InputError(f"the AWS configuration cannot be used: {error}") from error
    return core


def _bare(profile: str | None, allowed: frozenset[str]) -> botocore.session.Session:
    core = botocore.session.Session(profile=profile)
    core.lazy_register_component("data_loader", lambda: loader(core.get_config_variable("data_path"), allowed | SIGNING_IN))
    return core


class _AssumedRole(CredentialProvider):  # type: ignore[misc]  # botocore has no types
    """A role's credentials, obtained anew when they run out: a scan may take longer than they last."""

    METHOD = CANONICAL_NAME = "auditor-assume-role"

    def __init__(self, source: botocore.session.Session, role_arn: str, external_id: str | None) -> None:
        super().__init__()
        self._source = source
        self._role_arn = role_arn
        self._extra = {"RoleSessionName": "ml-auditor", **({"ExternalId": external_id} if external_id else {})}

    def load(self) -> DeferredRefreshableCredentials:
        credentials = self._source.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        fetcher = AssumeRoleCredentialFetcher(self._client, credentials, self._role_arn, extra_args=self._extra)
        return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)

    def _client(self, service: str, **arguments: Any) -> Any:
        region = self._source.get_config_variable("region") or "us-east-1"
        return self._source.create_client(service, **{"region_name": region, **arguments})


def _assuming(
    source: botocore.session.Session, allowed: frozenset[str], role_arn: str, external_id: str | None
) -> botocore.session.Session:
    core = _bare(None, allowed)
    core.set_config_variable("region", source.get_config_variable("region"))
    core.register_component("credential_provider", CredentialResolver([_AssumedRole(source, role_arn, external_id)]))
    return core


def _existing(names: list[str], enabled: Mapping[str, bool]) -> tuple[str, ...]:
    for name in names:
        if name not in enabled:
            raise InputError(f"AWS has no region '{name}'{closest(name, set(enabled))}")
        if not enabled[name]:
            raise InputError(f"the region {name} is not enabled in this account")
    return tuple(names)


_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnauthorizedSSOTokenError"})
_INVALID: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"})


def _without_identity(error: UnansweredError) -> str:
    if error.code == NoCredentialsError.__name__:
        return "no AWS credentials were found: name a profile, or set them in the environment"
    if error.code in _EXPIRED:
        return "the AWS credentials have expired: sign in again"
    if error.code in _INVALID:
        return f"AWS does not accept the credentials ({error.code})"
    return f"AWS did not say who asks ({error.code}): {error.message}"
