"""The vocabulary: tables, verdicts, problems, and the grammar of targets and actuals. Imports nothing of perfeval."""
