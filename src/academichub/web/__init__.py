"""The pages: a door for people."""
