"""SQL for an embedded database that another process owns, over its HTTP port on loopback."""

import base64
import json
import urllib.error
import urllib.request

from tastegraph.errors import StoreError


def run_sql(port: int, database: str, password: str, statement: str) -> None:
    """Run one statement; raises StoreError when the owner refuses it or is gone."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/command/{database}",
        data=json.dumps({"language": "sql", "command": statement}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Basic " + base64.b64encode(f"root:{password}".encode()).decode(),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=600):  # noqa: S310 - always loopback http
            pass
    except urllib.error.HTTPError as error:
        reason = error.read().decode(errors="replace")[:500]
        raise StoreError(f"the store's owner refused {statement!r}: {reason}") from error
    except OSError as error:
        raise StoreError(
            f"the process that owns the store has gone ({error}): try again"
        ) from error
