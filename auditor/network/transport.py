"""Whether a file system takes connections only under TLS.

https://docs.aws.amazon.com/efs/latest/ug/security_iam_resource-based-policy-examples.html
"""

from __future__ import annotations

from typing import Final

from auditor.iam.conditions import is_tls
from auditor.iam.documents import Statement, fits, statements
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, in_each
from auditor.model.values import ABSENT, Unknown, Value

_MOUNT: Final = "elasticfilesystem:ClientMount"


def tls_required(_inventory: Inventory, file_system: Resource) -> Fact:
    """Whether the policy of ``file_system`` refuses every client that does not come under TLS.

    It does where a statement denies that to everybody, or where each statement that allows anything asks for TLS. Without a
    policy everybody who reaches a mount target may mount it (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    document = file_system.properties.get("FileSystemPolicy", ABSENT)
    if document is ABSENT or document is None:
        return Fact(False, (f"{file_system.id} has no policy, so clients need no TLS",))
    parts = statements(document)
    refused = any_of(in_each(part, _refuses_plain) for part in parts)
    asked = all_of((bool(parts), *(in_each(part, _asks_for_tls) for part in parts)))
    value = any_of((refused, asked))
    if isinstance(value, Unknown):
        return Fact(value)
    told = "refuses clients without TLS" if value else "lets clients in without TLS"
    return Fact(value, (f"the policy of {file_system.id} {told}",))


def _refuses_plain(part: Value) -> Truth:
    if not isinstance(part, Statement):
        return part if isinstance(part, Unknown) else False
    if part.effect != "Deny" or part.actions is None or part.actions.inverted or part.inverted_principals:
        return False
    everybody = any_of(in_each(name, lambda one: fits(one, lambda text: text == "*")) for _, name in part.principals)
    mounting = any_of(
        in_each(item, lambda one: fits(one, lambda text: matches(text, _MOUNT))) for item in part.actions.patterns
    )
    return all_of((everybody, mounting, is_tls(part.condition, "false", alone=True)))


def _asks_for_tls(part: Value) -> Truth:
    if not isinstance(part, Statement):
        return part if isinstance(part, Unknown) else True
    return True if part.effect == "Deny" else is_tls(part.condition, "true", alone=False)
