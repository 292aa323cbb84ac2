"""Free ports on loopback."""

import random
import socket

_PORTS = range(20_000, 32_768)
"""Below those that systems give to outgoing connections, which would take one at any moment."""


def free_port() -> int:
    """A port of this machine's loopback that nobody listens on.

    Raises ``OSError`` where a thousand ports that were tried are all taken.
    """
    # Not of the program's own seed: two that were begun with the same one would meet.
    for port in random.SystemRandom().sample(_PORTS, 1_000):
        if is_free(port):
            return port
    raise OSError(f"no port of {_PORTS.start} to {_PORTS.stop - 1} is free")


def is_free(port: int) -> bool:
    """Whether nobody listens on ``port`` of this machine's loopback."""
    with socket.socket() as probe:
        # As a server does: a connection that has just ended takes no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
