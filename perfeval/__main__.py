"""``python -m perfeval``: the command line."""

from perfeval.cli import main

if __name__ == "__main__":
    main()
