"""What a validator says of one document. Every standard's validator gives one."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` is the official id where there is one; `where` is a path inside the document."""

    level: Literal["error", "warning"]
    rule: str
    text: str
    where: str = ""
    line: int | None = None
    # Names of elements that the rule misses in the place it looked at.
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`kind` is what it is in its standard: EMSDataSet, Bundle; "" where nobody could tell."""

    path: str
    standard: str
    kind: str
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Warnings inform; only an error forbids."""
        return not any(one.level == "error" for one in self.findings)
