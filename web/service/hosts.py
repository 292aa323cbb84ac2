"""Which names a request may call this server by.

A page of somebody else's whose name is made to lead here (DNS rebinding) asks by that name.
"""

import ipaddress
import socket
from dataclasses import dataclass

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on ``host``."""
    if host == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


@dataclass(frozen=True)
class Hosts:
    """The names of a server that listens on ``host``.

    One that listens on every address may be called by any address, which no name can be made to
    be, and by the machine's own names.
    """

    host: str

    def has(self, header: str) -> bool:
        """Whether the header Host names this server, whatever the port."""
        name = _name(header)
        if name in (*_LOOPBACK, self.host.lower()):
            return True
        address = _address(self.host)
        if address is None or not address.is_unspecified:
            return False
        own = {socket.gethostname().lower(), socket.getfqdn().lower()}
        return name in own or _address(name) is not None


def _name(header: str) -> str:
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].rstrip(".").lower()


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
