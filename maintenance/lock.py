"""Write constraints.txt: the versions that make installs for development and CI.

    python -m maintenance.lock

pip resolves what the program and the tools for development need, as if nothing was installed;
nothing is installed.
"""

import json
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from maintenance.requirements import ROOT

FILE = ROOT / "constraints.txt"


def resolved() -> dict[str, str]:
    """The newest versions that fit together, by name."""
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        asked = ["--dry-run", "--ignore-installed", "--report", str(report), "-e", f"{ROOT}[dev]"]
        subprocess.run([*pip, *asked], check=True)
        made = json.loads(report.read_text(encoding="utf-8"))
    found = (each["metadata"] for each in made["install"])
    return {each["name"].lower(): each["version"] for each in found if each["name"] != "tastegraph"}


def text(versions: dict[str, str]) -> str:
    """``versions`` as constraints, with what they were made for."""
    python = ".".join(map(str, sys.version_info[:2]))
    head = f"# Made by 'make lock' for Python {python} on {sys.platform} {platform.machine()}.\n"
    return head + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


if __name__ == "__main__":
    FILE.write_text(text(resolved()), encoding="utf-8")
