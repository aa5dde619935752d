"""Reading what ``terraform show -json PLAN`` (or ``tofu show -json PLAN``) writes.

A plan has what will be (``planned_values``), which of it is known only after apply (``resource_changes``) and what the
configuration says there (``configuration``: the names an expression mentions, not the expression). From these three each property
is a value, a reference, or unknown for a reason. The format: https://developer.hashicorp.com/terraform/internals/json-format

Taken for granted, because a plan mentions names without what is done to them: an unknown text that mentions one unknown thing names
that thing (and not, say, ``"${aws_s3_bucket.b.id}-logs"``), and an instance that mentions ``count.index`` or ``each.key`` beside
a resource with the same keys means the one of its own key (and not its neighbour).
"""

from auditor.sources.terraform.document import looks_like_plan
from auditor.sources.terraform.plan import read_plan

__all__ = ["looks_like_plan", "read_plan"]
