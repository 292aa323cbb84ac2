"""SQL for an embedded database that another process owns, over its HTTP port on loopback."""

import base64
import json
import urllib.error
import urllib.request

from neo4j.exceptions import DriverError, ServiceUnavailable


def run_sql(port: int, database: str, password: str, statement: str) -> None:
    """Run one statement.

    As over Bolt, ServiceUnavailable where the owner is gone, DriverError where it refuses.
    """
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/command/{database}",
        data=json.dumps({"language": "sql", "command": statement}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": "Basic " + base64.b64encode(f"root:{password}".encode()).decode(),
        },
    )
    try:
        # However long an index takes; where the owner ends, so does the connection.
        with urllib.request.urlopen(request):  # noqa: S310 - always loopback http
            pass
    except urllib.error.HTTPError as error:
        reason = error.read().decode(errors="replace")[:500]
        raise DriverError(f"the owner refused {statement!r}: {reason}") from error
    except OSError as error:
        raise ServiceUnavailable(f"the owner does not answer: {error}") from error
