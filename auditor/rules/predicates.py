"""Named predicates for ``is:`` — one notion, many spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from auditor.model import secrets
from auditor.model.resource import Resource
from auditor.model.resource_type import STRING
from auditor.model.truth import Truth, in_each, negated
from auditor.model.values import ABSENT, Absent, Kind, Redacted, Reference, Text, Unknown, Value
from auditor.rules.clauses import Decide
from auditor.rules.lookup import as_text, leading_text, misfit, settled
from auditor.rules.operators import matches, starts_with
from auditor.rules.truth import Run

_KEY: Final = "AWS::KMS::Key"
_ALIAS: Final = "AWS::KMS::Alias"
_TOPIC: Final = "AWS::SNS::Topic"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A notion that ``is:`` may ask for. ``follows`` are the types it looks at to decide."""

    words: str
    decide: Decide
    follows: tuple[str, ...] = ()


# "The alias/aws/ prefix is reserved for AWS managed key":
# https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
_AWS_MANAGED: Final = re.compile(r"(?:arn:[^:]*:kms:[^:]*:[^:]*:)?alias/aws/")
_RESERVED: Final = starts_with("alias/aws/", STRING)


def _customer_managed_key(value: Value, _path: str, run: Run) -> Truth:
    if value == "" or _AWS_MANAGED.match(leading_text(value)):
        return False
    target = run.inventory.resolve(value, (_KEY, _ALIAS), run.here)
    return in_each(target, lambda found: _managed_by_customer(found, run))


def _managed_by_customer(target: Value, run: Run) -> Truth:
    if isinstance(target, Unknown):
        return target
    if not isinstance(target, Resource):
        return False
    if target.type == _ALIAS:
        name = target.properties.get("AliasName", target.id)
        # only a customer managed key can be given an alias, save those that AWS reserves for its own:
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
        return negated(in_each(name, lambda one: _RESERVED(one, "AliasName", run.at(target))))
    manager = settled(target.runtime.get("KeyManager", ABSENT))
    if isinstance(manager, Unknown):
        return manager
    # a template can create no other keys than the customer's
    return bool(manager == "CUSTOMER") or (manager is ABSENT and not run.inventory.kind.has_runtime)


_TOPIC_ARN: Final = re.compile(r"arn:[^:]*:sns:")


def _sns_topic(value: Value, _path: str, run: Run) -> Truth:
    if isinstance(value, str) and not _TOPIC_ARN.match(value):
        return False
    target = run.inventory.resolve(value, (_TOPIC,), run.here)
    return in_each(target, lambda found: found if isinstance(found, Unknown) else isinstance(found, Resource))


# Their disks encrypt themselves in hardware, and SageMaker refuses a key for them:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html. Which they are: a "d" behind the generation, and
# the families of https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html that have no type without.
_LOCAL_STORAGE: Final = re.compile(
    r"^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|dl1|g[5-7]e?|gr6|i\d[a-z]*|p5e?n?|p6e?-[a-z0-9]+|trn[12][a-z]*)\."
)


def _secret(value: Value, path: str, run: Run) -> Truth:
    match value:
        case Redacted():
            return True
        case Unknown():
            return value
        case Reference():
            found = run.inventory.resolve(value, tuple(run.inventory.types), run.here)
            return False if isinstance(found, Resource) else Unknown(Kind.DEFERRED, f"whatever {value.target} yields")
        case Text():
            text = as_text(value, run)
            return text if isinstance(text, Unknown) else _secret(text, path, run)
        case str():
            return isinstance(secrets.redact(path.rpartition(".")[2], value), Redacted)
        case Absent():
            return False
    return misfit("text", value)


PREDICATES: Final[Mapping[str, Predicate]] = {
    "customer_managed_key": Predicate("a customer managed key", _customer_managed_key, (_KEY, _ALIAS)),
    "sns_topic": Predicate("an SNS topic", _sns_topic, (_TOPIC,)),
    "local_storage": Predicate("an instance type with local storage", matches(_LOCAL_STORAGE, STRING)),
    "s3_uri": Predicate("an S3 URI", starts_with("s3://", STRING)),
    "secret": Predicate("a secret", _secret),
}
