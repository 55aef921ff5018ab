"""How the records stand the official material: `make conformance`.

    python -m tests.benchmarks.conformance

Runs the tests that have one official document, case or value each, and counts them: what there
was, and what came out right. Ends with one line of JSON; a figure is null where its material is
not beside this checkout.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field

import pytest

# What a figure counts: all tests whose name matches, or those of them that passed.
TOTAL, PASSED = "total", "passed"
FIGURES = {
    "nemsis_stories": (r"test_a_case_keyed_by_a_crew_is_the_official_document", TOTAL),
    "nemsis_equal": (r"test_a_case_keyed_by_a_crew_is_the_official_document", PASSED),
    "roundtrip_files": (r"test_every_official_document_comes_out_as_it_came_in", TOTAL),
    "roundtrip_equal": (r"test_every_official_document_comes_out_as_it_came_in", PASSED),
    "xsd_valid": (r"test_every_document_that_comes_out_is_valid", PASSED),
    "schematron_cases": (r"test_an_official_case_breaks_exactly_its_rules", TOTAL),
    "schematron_equal": (r"test_an_official_case_breaks_exactly_its_rules", PASSED),
}
FILES = (
    "tests/actions/test_nemsis_stories.py",
    "tests/rules/test_nemsis_exchange.py",
    "tests/rules/test_nemsis_validation.py",
)


@dataclass
class Outcomes:
    """A plugin of pytest that counts by the name of a test without its parameters."""

    total: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = re.sub(r"^.*::|\[.*$", "", report.nodeid)
        if report.when == "call":
            self.total[name] += 1
            self.passed[name] += report.passed
        elif report.failed:
            self.total[name] += 1

    def figure(self, name: str, kind: str) -> int | None:
        if not self.total[name]:
            return None
        return (self.total if kind == TOTAL else self.passed)[name]


def main() -> None:
    outcomes = Outcomes()
    code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *FILES], plugins=[outcomes])
    from ehr_prehospital.record.catalogue import elements  # once pytest has set Django up

    figures = {name: outcomes.figure(*what) for name, what in FIGURES.items()}
    figures["mapping_elements"] = len(elements())
    print(json.dumps(figures))
    sys.exit(code)


if __name__ == "__main__":
    main()
