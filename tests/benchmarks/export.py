"""What it costs to send a record away: one full record in every standard, checked, and as PDF.

    python -m tests.benchmarks.export [--times 100]

A record of 167 statements (tests/rules/full_record.py), first once in a fresh process, then many
times in a row, each time of another patient. Ends with one line of JSON: `measured` names what
was there to measure, each with the first run's, the median's and the longest milliseconds;
`rss_cold_mb` is the process's memory after the first run, `rss_before_mb` after twice as many as
are then measured, `rss_after_mb` after those.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from uuid import UUID

import django
from django.conf import settings

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.nemsis.agency import Agency
from tests.rules.full_record import full
from tests.rules.nemsis_files import STANDARDS

EXCHANGE = "ehr_prehospital.exchange"
SUFFIXES = {"nemsis": "xml", "fhir": "json", "cn": "json"}
Work = Callable[[CanonicalRecord], object]


def there(name: str) -> ModuleType | None:
    """A module of the exchange, None while it is not part of the platform."""
    parent, _dot, _name = name.rpartition(".")
    if find_spec(f"{EXCHANGE}.{parent}") is None or find_spec(f"{EXCHANGE}.{name}") is None:
        return None
    return import_module(f"{EXCHANGE}.{name}")


def works(folder: Path) -> Iterator[tuple[str, Work]]:
    """Each thing to measure by its name; validating reads the file that exporting wrote."""
    for standard, suffix in SUFFIXES.items():
        if (exporting := there(f"{standard}.export")) is None:
            continue
        write = of_an_agency(exporting.export) if standard == "nemsis" else exporting.export
        yield f"{standard}_export", write
        if (checking := there(f"{standard}.validation")) is None:
            continue
        file = folder / f"record.{standard}.{suffix}"
        file.write_bytes(write(full()))
        yield f"{standard}_validate", partial(checked, checking.validate, file)
    if pdf := there("pdf.export"):
        for language in ("zh", "en"):
            yield f"pdf_{language}", partial(pdf.export, language=language)
        yield "pdf_handover_zh", partial(pdf.export, language="zh", sheet="handover")


def of_an_agency(export: Callable[..., bytes]) -> Callable[[CanonicalRecord], bytes]:
    """NEMSIS wants to know who reports."""
    return partial(export, agency=Agency("S1", "A1", "09"))


def checked(validate: Callable[[Path], object], file: Path, _record: CanonicalRecord) -> None:
    """A validator that finds faults measures the wrong thing: say so and stop."""
    report = validate(file)
    if not getattr(report, "valid", False):
        findings = getattr(report, "findings", ())
        raise SystemExit(f"the exported document is not valid: {list(findings)[:3]}")


def another(number: int) -> CanonicalRecord:
    """The same record of another patient: nothing that was laid out before is of use."""
    record = full()
    rows = [
        replace(one, value=f"{one.value} {number}")
        if one.element in ("identity.name", "narrative.present_illness", "situation.complaint")
        else replace(one, value=str(int(one.value) + number % 40))
        if one.element in ("vital.heart_rate", "vital.systolic")
        else one
        for one in record.statements
    ]
    return replace(record, id=UUID(int=abs(number) + 1), statements=rows)


def took_ms(work: Work, record: CanonicalRecord) -> float:
    begin = time.perf_counter()
    work(record)
    return (time.perf_counter() - begin) * 1000


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=100)
    times: int = parser.parse_args().times
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    settings.STANDARDS_DIR = settings.STANDARDS_DIR or (STANDARDS if STANDARDS.is_dir() else None)
    with tempfile.TemporaryDirectory() as folder:
        found = dict(works(Path(folder)))
        first = {name: took_ms(work, another(0)) for name, work in found.items()}
        # The XSLT processor and the typesetter fill their own pools in the first hundreds.
        cold = rss_mb()
        for number in range(2 * times):
            for work in found.values():
                work(another(-number))
        gc.collect()
        before = rss_mb()
        runs = {
            name: [took_ms(work, another(number)) for number in range(1, times + 1)]
            for name, work in found.items()
        }
        gc.collect()
        after = rss_mb()
    measured = {
        name: {
            "first_ms": round(first[name], 1),
            "median_ms": round(statistics.median(rows), 1),
            "most_ms": round(max(rows), 1),
        }
        for name, rows in runs.items()
    }
    together = sum(statistics.median(rows) for name, rows in runs.items() if name not in APART)
    print(
        json.dumps(
            {
                "times": times,
                "measured": measured,
                "one_record_all_ms": round(together, 1),
                "rss_cold_mb": cold,
                "rss_before_mb": before,
                "rss_after_mb": after,
            }
        )
    )


# Not part of sending one record once: the other language and the second paper.
APART = frozenset({"pdf_en", "pdf_handover_zh"})

if __name__ == "__main__":
    main()
