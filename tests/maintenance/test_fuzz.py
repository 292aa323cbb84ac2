"""The corpus of the fuzzer and a seeded sample of mutations, through every reader."""

import pytest

from maintenance.fuzz.mutations import inputs
from maintenance.fuzz.readers import CORPUS, READERS
from maintenance.fuzz.seeds import seeds


def test_every_reader_has_a_corpus_that_the_seeds_make() -> None:
    assert {path.name for path in CORPUS.iterdir()} == READERS.keys() == seeds().keys()
    for name, files in seeds().items():
        kept = [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]
        # Their libraries write databases and packed files a little otherwise in each version.
        if name not in ("navidrome", "parquet", "zip", "gzip"):
            assert kept == files


@pytest.mark.parametrize("name", READERS)
def test_the_first_file_of_a_corpus_can_be_read(name: str) -> None:
    assert READERS[name].survives((CORPUS / name / "seed-1").read_bytes())


@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_read_or_refused_in_words(name: str) -> None:
    for data in inputs(name, 60, seed=1):
        READERS[name].survives(data)
