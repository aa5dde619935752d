"""The nouns every other floor is written in. Nothing here reads a file, an account or a rule."""
