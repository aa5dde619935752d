"""A believable, deliberately imperfect ML platform in an embedded account."""
