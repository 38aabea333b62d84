"""Numbers into words and pictures: labels, sentences, tables, charts, the page theme. Imports perfeval.model only."""
