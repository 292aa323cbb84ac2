"""Print the lowest version of every library that pyproject.toml allows, as constraints of pip.

python -m maintenance.lowest > lowest.txt
"""

import sys

from maintenance.requirements import required


def lowest() -> list[str]:
    """A line name==version for each library of the program and of the extra spotify."""
    return [
        f"{each.name}=={bound.version}"
        for each in required(["spotify"])
        for bound in each.specifier
        if bound.operator in (">=", "==")
    ]


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lowest())
