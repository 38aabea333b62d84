"""``python -m perfeval.analysis.rulesets > docs/rulesets.md``: the presets' documentation, from the presets."""

import sys

from perfeval.analysis.rulesets.reference import reference

if __name__ == "__main__":
    sys.stdout.buffer.write(reference().encode("utf-8"))
