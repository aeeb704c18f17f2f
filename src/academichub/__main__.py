"""Run the command line as `python -m academichub`."""

from academichub.cli import main

main()
