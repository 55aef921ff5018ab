"""NEMSIS documents against the official XSD, then the official Schematron rules."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree

from dispatch.journal.refusals import Refused
from ehr_prehospital.exchange.nemsis.schematron import Broken, broken_rules
from ehr_prehospital.exchange.report import Finding, Report
from ehr_prehospital.exchange.safe_xml import Unreadable, line_in, parse_xml, read_xml

NEMSIS = "{http://www.nemsis.org}"
KINDS = ("EMSDataSet", "DEMDataSet", "StateDataSet")
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
# Of a document that is only meant for the national database, which has a schema of its own.
NATIONAL = "NEMSIS_NAT_XSDS"


class NoOfficialFiles(Refused):
    """The official schemas are not on this machine."""

    code = "no_official_files"


def official() -> Path:
    """The folder with the official `xsd`, `xsd-national` and `schematron`."""
    folder: Path | None = settings.STANDARDS_DIR
    if folder is None or not (folder / "nemsis" / "xsd").is_dir():
        raise NoOfficialFiles(
            _(
                "The official NEMSIS files are not on this machine: put them into a folder and"
                " name it in ONBOARD_STANDARDS."
            )
        )
    return folder / "nemsis"


def validate(path: Path, *, more_rules: Sequence[Path] = ()) -> Report:
    """A file of any of the three data sets. Raises NoOfficialFiles, and OSError.

    `more_rules` are Schematron files of a state or an agency, checked after the national ones.
    """
    try:
        tree = read_xml(path)
    except Unreadable as error:
        return _refused(str(path), error)
    return _judged(str(path), tree, more_rules)


def validate_document(content: bytes, *, name: str = "") -> Report:
    """The same for a document in memory."""
    try:
        tree = parse_xml(content)
    except Unreadable as error:
        return _refused(name, error)
    return _judged(name, tree)


def _refused(name: str, error: Unreadable) -> Report:
    finding = Finding("error", "xml", error.text, line=error.line)
    return Report(name, "nemsis", "", (finding,))


def _judged(name: str, tree: etree._ElementTree, more_rules: Sequence[Path] = ()) -> Report:
    root = tree.getroot()
    kind = root.tag.removeprefix(NEMSIS)
    if kind not in KINDS:
        text = _("The root element is %(name)s, which is none of %(kinds)s.") % {
            "name": root.tag,
            "kinds": ", ".join(KINDS),
        }
        return Report(name, "nemsis", "", (Finding("error", "root", text, "/", line_in(root)),))
    schema_findings = against_schema(tree, kind)
    if schema_findings:  # rules ask about elements that may not even be there
        return Report(name, "nemsis", kind, schema_findings)
    schemas = (official() / "schematron" / f"{kind}.sch", *more_rules)
    found = tuple(one for schema in schemas for one in against_rules(tree, schema))
    return Report(name, "nemsis", kind, found)


def against_schema(tree: etree._ElementTree, kind: str) -> tuple[Finding, ...]:
    """What the XSD refuses; the national one where the document names it."""
    said = tree.getroot().get(SCHEMA_LOCATION, "")
    folder = "xsd-national" if NATIONAL in said.upper() else "xsd"
    schema = _schema(official() / folder / f"{kind}_v3.xsd")
    if schema.validate(tree):
        return ()
    # Any: a row of the log, which has no types.
    return tuple(
        Finding("error", one.type_name, one.message.replace(NEMSIS, ""), one.path or "", one.line)
        for one in cast("Iterable[Any]", schema.error_log)
    )


@cache
def _schema(file: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(file)))


def against_rules(tree: etree._ElementTree, schema: Path) -> tuple[Finding, ...]:
    """What a Schematron file says, errors and warnings, in its own words."""
    document = etree.tostring(tree, encoding="utf-8")
    return tuple(_finding(one, tree) for one in broken_rules(schema, document))


def _finding(broken: Broken, tree: etree._ElementTree) -> Finding:
    where = next(iter(broken.about), broken.where)
    return Finding(
        "error" if "ERROR" in broken.role.upper() else "warning",
        broken.rule,
        broken.text,
        where,
        line_of(tree, where),
        broken.missing,
    )


def line_of(tree: etree._ElementTree, path: str) -> int | None:
    """The line of a path as `schematron.py` writes it."""
    node = tree.getroot()
    for step in path.strip("/").split("/")[1:]:
        name, _bracket, place = step.partition("[")
        like = [one for one in node.iterchildren("*") if etree.QName(one).localname == name]
        place_number = int(place.rstrip("]"))
        if place_number > len(like):
            return None
        node = like[place_number - 1]
    return line_in(node)
