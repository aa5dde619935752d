"""The pipeline: open a source, provide facts, evaluate, make a Scan."""
