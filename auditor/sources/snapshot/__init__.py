"""The saved snapshot of an account: what a live scan reads, in one file that is evaluated offline.

A snapshot is JSON Lines: a header, then one line for each resource, sorted. Every time of the run and every count stands in the
header; the rest is the same bytes for the same account, so two snapshots can be compared with ``diff``.
"""

from auditor.sources.snapshot.header import BEGIN, Header
from auditor.sources.snapshot.journal import Run
from auditor.sources.snapshot.read import open_snapshot
from auditor.sources.snapshot.write import write_snapshot

__all__ = ["BEGIN", "Header", "Run", "open_snapshot", "write_snapshot"]
