"""Reading and writing files that may be hostile, and saying what is wrong with them in one line."""
