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

# What a figure counts: all tests whose name ends so, or those of them that passed.
TOTAL, PASSED = "total", "passed"
FIGURES = {
    "nemsis_stories": ("test_a_case_keyed_by_a_crew_is_the_official_document", TOTAL),
    "nemsis_equal": ("test_a_case_keyed_by_a_crew_is_the_official_document", PASSED),
    "roundtrip_files": ("test_every_official_document_comes_out_as_it_came_in", TOTAL),
    "roundtrip_equal": ("test_every_official_document_comes_out_as_it_came_in", PASSED),
    "xsd_valid": ("test_every_document_that_comes_out_is_valid", PASSED),
    "schematron_cases": ("test_an_official_case_breaks_exactly_its_rules", TOTAL),
    "schematron_equal": ("test_an_official_case_breaks_exactly_its_rules", PASSED),
    "fhir_bundles": ("is_a_valid_document", TOTAL),
    "fhir_valid": ("is_a_valid_document", PASSED),
}
FILES = (
    "tests/actions/test_nemsis_stories.py",
    "tests/rules/test_nemsis_exchange.py",
    "tests/rules/test_nemsis_validation.py",
    "tests/rules/test_fhir_exchange.py",
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
        counted = self.total if kind == TOTAL else self.passed
        found = [test for test in self.total if test.endswith(name)]
        return sum(counted[test] for test in found) if found else None


def main() -> None:
    outcomes = Outcomes()
    code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *FILES], plugins=[outcomes])
    # Only now has pytest set Django up.
    from ehr_prehospital.record.catalogue import elements
    from tests.rules.elina import EXAMPLES, values, values_equal

    figures = {name: outcomes.figure(*what) for name, what in FIGURES.items()}
    figures["elina_values_equal"] = values_equal() if EXAMPLES.is_dir() else None
    figures["elina_values"] = values() if EXAMPLES.is_dir() else None
    figures["mapping_elements"] = len(elements())
    print(json.dumps(figures))
    sys.exit(code)


if __name__ == "__main__":
    main()
