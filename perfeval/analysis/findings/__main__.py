"""``python -m perfeval.analysis.findings docs/findings.md``: the rules' documentation, from the rules."""

import sys
from pathlib import Path

from perfeval.analysis.findings.catalog import reference

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8", newline="\n")
