"""``python -m perfeval.cli``: the command line without its console script."""

from perfeval.cli import main

main()
