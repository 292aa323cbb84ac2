"""Servers that a tastegraph.toml names and the person has agreed to sign in to.

A file that lies in somebody's folder must not send the password of the environment to a server of
its choosing. Whoever runs us is asked once a file and server.
"""

import hashlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from platformdirs import user_config_path

from tastegraph.errors import StoreAccessError
from tastegraph.runtime.environment import PASSWORD

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def require_trust(file: Path, uri: str) -> None:
    """Ask whether the environment's password may go to ``uri``, which ``file`` names.

    Servers of this machine, and runs without a password, are not asked about. StoreAccessError
    for a no, or where nobody is there to be asked.
    """
    if PASSWORD.value is None or _host(uri) in _LOOPBACK:
        return
    mark = user_config_path("tastegraph", appauthor=False) / "trusted" / _key(file, uri)
    if mark.exists():
        return
    if not sys.stdin.isatty():
        raise StoreAccessError(
            f"{file} names the server {uri}, and {PASSWORD.name} is set: a file's server is not "
            "sent the environment's password unasked. Name it yourself with --store or NEO4J_URI"
        )
    question = f"{file} names the server {uri}. Send it the password of {PASSWORD.name}?"
    if not click.confirm(question, err=True):
        raise StoreAccessError(f"{uri} was not asked; --store names another store")
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{file}\n{uri}\n", encoding="utf-8")


def _host(uri: str) -> str | None:
    try:
        return urlsplit(uri).hostname
    except ValueError:
        return None


def _key(file: Path, uri: str) -> str:
    return hashlib.sha256(f"{file.resolve()}\n{uri}".encode()).hexdigest()
