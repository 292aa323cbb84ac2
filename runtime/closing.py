"""What has to be closed, and closes itself at the end of a block."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """A context manager that calls ``close`` when its block ends, however it ends."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held; again is no error."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
