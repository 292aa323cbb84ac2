"""Everything that Tastegraph raises on purpose.

    TastegraphError              a person can mend it; the message says how
    |-- InputError               a file, a row or an argument is not usable
    |   `-- UsageError               options that do not go together
    |-- NotFoundError            a user, artist, tag, query or model is not there
    |-- StoreError               the store can't do what was asked
    |   |-- StoreUnreachableError    no server answers, or the folder can't be opened
    |   |-- StoreInterruptedError    a write broke off, and may have arrived or not
    |   |-- StoreAccessError         wrong password, or a folder without rights
    |   |-- StoreBusyError           another process owns the embedded store, or writes
    |   |-- SchemaVersionError       the graph is of another version of Tastegraph
    |   `-- StoreQueryError          the store refused a query
    |-- ModelError               there is no model yet, or it can't be learned
    `-- EngineError              Spark is not there, or its work failed

Commands print the message after ``Error:`` and end with exit code 1, for UsageError with 2. A
message says what happened, where, and what to do next.
"""


class TastegraphError(Exception):
    """Base of all errors that a person can mend."""


class InputError(TastegraphError):
    """A file, a row of it or an argument can't be used."""


class UsageError(InputError):
    """Options were given that do not go together."""


class NotFoundError(TastegraphError):
    """Something that was named is not in the graph."""


class StoreError(TastegraphError):
    """The store refused or failed."""


class StoreUnreachableError(StoreError):
    """No store answers at the given place."""


class StoreInterruptedError(StoreError):
    """The store went away during a write: whether it arrived is unknown."""


class StoreAccessError(StoreError):
    """The store is there, but does not let us in."""


class StoreBusyError(StoreError):
    """Another process keeps the store to itself: it is opening it, or writing to it."""


class SchemaVersionError(StoreError):
    """Another version of Tastegraph has made the graph."""


class StoreQueryError(StoreError):
    """The store refused a query."""


class ModelError(TastegraphError):
    """No model has been trained, or training failed."""


class EngineError(TastegraphError):
    """Spark can't be had, or what it was to do failed."""
