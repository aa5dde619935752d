"""The four ways to an inventory."""
