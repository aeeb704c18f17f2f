"""Frozen shapes that rooms hand to each other. Knows nothing of the world."""
