"""Policies, and what they let a role do."""
