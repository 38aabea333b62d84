"""What a forked kernel prints through: ipykernel's stream, asked to flush only where something was written.

ipykernel flushes both streams three times with every cell, and each time wakes the thread that publishes and waits for
it; most cells of a report print nothing.
"""

from ipykernel.iostream import OutStream


class Stream(OutStream):
    """A stream that knows whether there is anything to flush."""

    _written = False

    def write(self, string: str) -> int:
        """Take text; it is published with the next flush, or soon."""
        self._written = True
        return super().write(string) or 0

    def flush(self) -> None:
        """Publish what was written."""
        if self._written:
            self._written = False  # before: what is written meanwhile is for the next flush
            super().flush()  # type: ignore[no-untyped-call]  # ipykernel annotates only some
