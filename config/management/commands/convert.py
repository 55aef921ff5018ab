"""`manage.py convert --from nemsis --to cn PATH…`: documents of one standard in another."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.management.commands.validate import files_in
from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.cn import export as cn
from ehr_prehospital.exchange.fhir import export as fhir
from ehr_prehospital.exchange.fhir.importing import read_document
from ehr_prehospital.exchange.fhir.validation import Unreadable as NoFhir
from ehr_prehospital.exchange.nemsis import export as nemsis
from ehr_prehospital.exchange.nemsis.importing import import_document
from ehr_prehospital.exchange.pdf import export as pdf
from ehr_prehospital.exchange.safe_xml import Unreadable

Records = tuple[CanonicalRecord, ...]


def of_nemsis(content: bytes) -> tuple[Records, tuple[str, ...]]:
    return import_document(content), ()


def of_fhir(content: bytes) -> tuple[Records, tuple[str, ...]]:
    reading = read_document(content)
    return (reading.record,), reading.not_understood


# What reads a standard's documents and says what it did not understand, and how its files end.
SOURCES: Mapping[str, tuple[Callable[[bytes], tuple[Records, tuple[str, ...]]], str]] = {
    "nemsis": (of_nemsis, ".xml"),
    "fhir": (of_fhir, ".json"),
}
# What writes a record, and how its files end.
TARGETS: Mapping[str, tuple[Callable[[CanonicalRecord], bytes], str]] = {
    "nemsis": (nemsis.export, ".nemsis.xml"),
    "fhir": (fhir.export, ".fhir.json"),
    "cn": (cn.export, ".cn.json"),
    "pdf": (pdf.export, ".pdf"),
}
LANGUAGES = ("zh", "en")


class Command(BaseCommand):
    help = (
        "Convert documents; one line of JSON a file. Ends with 1 when one could not be converted."
    )
    # Files only: it needs no city, no clock and no page.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="source", required=True, choices=sorted(SOURCES))
        parser.add_argument("--to", dest="target", required=True, choices=sorted(TARGETS))
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of them")
        parser.add_argument("--out", type=Path, help="folder to write to; beside each file else")
        parser.add_argument("--language", choices=LANGUAGES, default="zh", help="of a PDF")

    def handle(
        self,
        *,
        source: str,
        target: str,
        paths: Sequence[Path],
        out: Path | None,
        language: str,
        **_options: object,
    ) -> None:
        """Raises CommandError for a path that is not there and for what could not be converted."""
        read, suffix = SOURCES[source]
        write, ending = TARGETS[target]
        if target == "pdf":
            write, ending = in_language(language), f".{language}{ending}"
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        failed = 0
        for path in files_in(paths, suffix):
            line = converted(path, read, write, out or path.parent, ending)
            failed += bool(line["errors"])
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        if failed:
            raise CommandError(_("%(count)s not converted") % {"count": failed}, returncode=1)


def in_language(language: str) -> Callable[[CanonicalRecord], bytes]:
    return lambda record: pdf.export(record, "en" if language == "en" else "zh")


def converted(
    path: Path,
    read: Callable[[bytes], tuple[Records, tuple[str, ...]]],
    write: Callable[[CanonicalRecord], bytes],
    out: Path,
    ending: str,
) -> dict[str, object]:
    """Every report of a document, all or none, and what was wrong."""
    written: list[str] = []
    errors: list[dict[str, object]] = []
    unknown: tuple[str, ...] = ()
    try:
        records, unknown = read(path.read_bytes())
        documents = [write(record) for record in records]
    except Unreadable as error:
        errors = [{"line": error.line, "text": error.text}]
    except NoFhir as error:
        errors = [{"line": None, "text": str(error)}]
    except nemsis.Incomplete as error:
        errors = [{"line": None, "text": f"missing: {error}"}]
    else:
        for name, document in zip(names(path, len(documents)), documents, strict=True):
            (out / f"{name}{ending}").write_bytes(document)
            written.append(str(out / f"{name}{ending}"))
    line: dict[str, object] = {"path": str(path), "written": written, "errors": errors}
    return line | ({"not_understood": list(unknown)} if unknown else {})


def names(path: Path, count: int) -> Iterator[str]:
    """The file's own name, with a number where it holds several reports."""
    for number in range(1, count + 1):
        yield path.stem if count == 1 else f"{path.stem}-{number}"
