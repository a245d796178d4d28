"""The streams of a forked kernel, which wait for the thread that sends output only when there is output to send.

ipykernel empties standard output and error before every picture, result and reply, several times in a cell, and each
time waits for its sending thread to say that it is done: some tenths of a millisecond, five to seven times a cell, also when
nothing was ever printed. What was taken out of the buffer already goes before what is sent later, since one thread sends it all.
"""

from ipykernel.iostream import OutStream

NAME = f"{__name__}.PromptStream"


class PromptStream(OutStream):
    """A stream of an ipykernel whose `flush` does nothing when nothing was written since the last one."""

    def flush(self) -> None:
        """Send what was written, and wait until it is sent."""
        with self._buffer_lock:
            written = any(buffer.tell() for buffer in self._buffers.values())
        if written or self.echo is not None:
            super().flush()
