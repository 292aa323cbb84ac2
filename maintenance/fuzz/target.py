"""One reader as what atheris drives: python -m maintenance.fuzz.target READER [OPTIONS]."""

import sys

import atheris

with atheris.instrument_imports(include=["tastegraph"]):
    from maintenance.fuzz.readers import READERS


def main() -> None:
    """Fuzz the reader that is named first; the rest are libFuzzer's options."""
    program, name, *options = sys.argv
    reader = READERS[name]

    def test(data: bytes) -> None:
        reader.survives(data)

    atheris.Setup([program, *options], test)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
