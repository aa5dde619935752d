"""A believable, deliberately imperfect ML platform in two embedded accounts."""

from auditor.demo.account import demo_accounts
from auditor.demo.attested import attestations

__all__ = ["attestations", "demo_accounts"]
