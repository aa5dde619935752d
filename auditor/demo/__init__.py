"""A believable, deliberately imperfect ML platform in two embedded accounts."""

from auditor.demo.account import demo_accounts

__all__ = ["demo_accounts"]
