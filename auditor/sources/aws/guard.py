"""Nothing is asked of AWS but what was named beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

SIGNING_IN: Final = frozenset(
    {
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sso:GetRoleCredentials",
        "sso-oidc:CreateToken",
        "signin:CreateOAuth2Token",
    }
)
"""What botocore itself asks in order to obtain the credentials that a profile describes, with clients of the same session."""


class NotAllowedError(RuntimeError):
    """An operation was about to be asked that the session was not made for. No request was sent."""

    def __init__(self, operation: str) -> None:
        self.operation = operation
        super().__init__(f"{operation} is not among the operations this session may ask; nothing was sent")


def guard(allowed: frozenset[str]) -> Callable[..., None]:
    """A handler for botocore's ``before-parameter-build``: raises ``NotAllowedError`` for what ``allowed`` does not name.

    That event precedes the building of every request and of every presigned URL. Operations are ``service:Operation``.
    """
    permitted = allowed | SIGNING_IN

    def check(model: Any, **_: object) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        if operation not in permitted:
            raise NotAllowedError(operation)

    return check
