"""Reading CloudFormation templates, YAML or JSON."""

from auditor.sources.cloudformation.template import parameter_names, read_template

__all__ = ["parameter_names", "read_template"]
