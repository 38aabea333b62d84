"""Tables to numbers: execution, completion, scores. No I/O, nothing changed in place."""
