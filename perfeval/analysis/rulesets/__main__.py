"""``python -m perfeval.analysis.rulesets docs/rulesets.md``: the presets' documentation, from the presets."""

import sys
from pathlib import Path

from perfeval.analysis.rulesets.reference import reference

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8", newline="\n")
