"""Documents → tables: what is on file, read as it stands, checked in full, and given its types."""
