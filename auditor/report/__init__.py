"""Scan to bytes, one module per format."""
