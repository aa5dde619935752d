"""A live account: everything that the records name, read with calls that change nothing."""

from auditor.sources.aws.collect import collect

__all__ = ["collect"]
