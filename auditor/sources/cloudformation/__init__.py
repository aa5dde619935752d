"""Reading CloudFormation templates, YAML or JSON."""

from auditor.sources.cloudformation.template import read_template

__all__ = ["read_template"]
