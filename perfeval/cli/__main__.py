"""``python -m perfeval.cli``: the command line without its console script."""

from perfeval.cli import main

if __name__ == "__main__":  # the processes that help read this module too
    main()
