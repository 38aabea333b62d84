"""``python -m perfeval.analysis.findings > docs/findings.md``: the rules' documentation, from the rules."""

import sys

from perfeval.analysis.findings.catalog import reference

if __name__ == "__main__":
    sys.stdout.buffer.write(reference().encode("utf-8"))
