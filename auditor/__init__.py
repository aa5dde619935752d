"""auditor: security and compliance auditing for machine learning on AWS."""

__version__ = "0.1.0"
