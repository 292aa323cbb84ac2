"""An HTTP server for this machine's own browsers."""

import errno
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tastegraph.errors import InputError


class LoopbackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 alone, on ``port`` or, for 0, on a free one.

    InputError where the port can't be had; ``mend`` says what to do about that, ``source``
    where the port was named.
    """

    # A browser may keep a connection open, and ask nothing on it.
    daemon_threads = True

    def __init__(
        self, port: int, handler: type[BaseHTTPRequestHandler], mend: str, source: str = ""
    ) -> None:
        try:
            super().__init__(("127.0.0.1", port), handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            named = f" of {source}" if source else ""
            raise InputError(
                f"port {port}{named} can't be used ({error.strerror}): {mend}"
            ) from error
