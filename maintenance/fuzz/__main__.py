"""Feed readers with what a coverage-guided fuzzer (atheris) makes of the corpus.

    python -m maintenance.fuzz --seconds 300
    python -m maintenance.fuzz --reader csv --seconds 60

An input that raises anything but an error in words, takes over 5 seconds or 1 GB is kept in
``.fuzz/``, and the run fails. Such inputs, made small, belong into the corpus.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from maintenance.fuzz.readers import CORPUS, READERS

_FOUND = Path(".fuzz")


def main() -> int:
    """Fuzz one reader after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description="Fuzz the readers.")
    parser.add_argument("--reader", choices=READERS, action="append")
    parser.add_argument("--seconds", type=int, default=300, help="for all readers together")
    asked = parser.parse_args()
    chosen = asked.reader or list(READERS)
    seconds = max(1, asked.seconds // len(chosen))
    failed = [name for name in chosen if not _fuzzed(name, seconds)]
    sys.stdout.write(f"{len(chosen) - len(failed)} passed, {len(failed)} failed\n")
    return len(failed) > 0


def _fuzzed(name: str, seconds: int) -> bool:
    """Whether nothing was found in ``seconds``."""
    grown, found = _FOUND / "corpus" / name, _FOUND / "found" / name
    grown.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    target = [sys.executable, "-m", "maintenance.fuzz.target", name]
    limits = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=20000", f"-max_total_time={seconds}"]
    words = ["-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={found}/"]
    ended = subprocess.run(
        [*target, *limits, *words, str(grown), str(CORPUS / name)],
        check=False,
        capture_output=True,
        text=True,
    )
    tried = [line for line in ended.stderr.splitlines() if "number_of_executed_units" in line]
    sys.stdout.write(f"{name}: {tried[0].split()[-1] if tried else 'no'} inputs\n")
    if ended.returncode:
        sys.stdout.write(ended.stdout[-4000:] + ended.stderr[-2000:])
    sys.stdout.flush()
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
