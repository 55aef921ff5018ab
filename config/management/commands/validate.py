"""`manage.py validate nemsis|fhir PATH…`: documents against the official rules."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ehr_prehospital.exchange.fhir import validation as fhir
from ehr_prehospital.exchange.nemsis import validation as nemsis
from ehr_prehospital.exchange.report import Report

# What checks a file of a standard, and how its files end.
STANDARDS: Mapping[str, tuple[Callable[..., Report], str]] = {
    "nemsis": (nemsis.validate, ".xml"),
    "fhir": (fhir.validate, ".json"),
}


class Command(BaseCommand):
    help = "Check documents; one line of JSON a file. Ends with 1 when one of them is not valid."
    # Files only: it needs no city, no clock and no page.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("standard", choices=sorted(STANDARDS))
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of them")
        parser.add_argument(
            "--rules", nargs="+", type=Path, default=(), help="more rules: Schematron files"
        )

    def handle(
        self, *, standard: str, paths: Sequence[Path], rules: Sequence[Path], **_options: object
    ) -> None:
        """Raises CommandError for a path that is not there and for what is not valid."""
        check, suffix = STANDARDS[standard]
        invalid = 0
        for path in files_in(paths, suffix):
            report = check(path, more_rules=rules)
            invalid += not report.valid
            self.stdout.write(line(report))
        if invalid:
            raise CommandError(_("%(count)s not valid") % {"count": invalid}, returncode=1)


def files_in(paths: Sequence[Path], suffix: str) -> Iterator[Path]:
    """Every file named, and those of the folders that end so, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob(f"*{suffix}"))
        elif path.is_file():
            yield path
        else:
            raise CommandError(_("There is no %(path)s.") % {"path": path}, returncode=2)


def line(report: Report) -> str:
    return json.dumps(
        {
            "path": report.path,
            "standard": report.standard,
            "kind": report.kind,
            "valid": report.valid,
            "findings": [asdict(one) for one in report.findings],
        },
        ensure_ascii=False,
    )
