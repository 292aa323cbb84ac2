"""Free ports on loopback."""

import socket


def free_port() -> int:
    """A port of this machine's loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
