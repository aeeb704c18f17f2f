"""The command line: a door for people and for cron."""

from academichub.cli.app import main

__all__ = ["main"]
