"""A record as one NEMSIS document. What NEMSIS requires and nobody said is Not Recorded."""

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from uuid import UUID, uuid5

from lxml import etree

from ehr_prehospital.exchange.canonical import CanonicalRecord
from ehr_prehospital.exchange.nemsis.agency import NS, PARTS, XSI, Agency
from ehr_prehospital.exchange.nemsis.mapping import OWN_CODES, Row, table
from ehr_prehospital.exchange.nemsis.placing import Placed, ScopeId, Sheet, sheet_of
from ehr_prehospital.exchange.nemsis.structure import REPORT, Node, report
from ehr_prehospital.exchange.nemsis.when import Cases
from ehr_prehospital.exchange.safe_xml import parse_xml
from ehr_prehospital.record.catalogue import Kind, code_lists

NIL = f"{{{XSI}}}nil"
STANDARD = "nemsis"
SOFTWARE = {"eRecord.02": "Onboard", "eRecord.03": "Onboard", "eRecord.04": "1"}


class Incomplete(ValueError):
    """A record cannot be sent: these elements are mandatory and nobody said them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def export(record: CanonicalRecord, *, agency: Agency | None = None) -> bytes:
    """UTF-8 XML of the data set of ambulance services, NEMSIS v3.5.1.

    The agency is the document's that the record came from, unless another one is given. Raises
    Incomplete for what NEMSIS wants a value of and has none.
    """
    writer = Writer(sheet_of(record), Cases(record), known_of(record, agency))
    root = document_of(record, agency)
    one = writer.group(report(), None)
    one.set("UUID", str(uuid_of(record)))
    root[0].append(one)
    if writer.missing:
        raise Incomplete(tuple(writer.missing))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def uuid_of(record: CanonicalRecord) -> UUID:
    """NEMSIS knows the versions 1 to 5 only."""
    known = record.id.version in range(1, 6)
    return record.id if known else uuid5(record.id, STANDARD)


def known_of(record: CanonicalRecord, agency: Agency | None) -> dict[str, str]:
    """What a report says of itself when no statement does."""
    number = {"eResponse.01": agency.number} if agency else {}
    return {"eRecord.01": str(record.id), **SOFTWARE, **number}


def document_of(record: CanonicalRecord, agency: Agency | None) -> etree._Element:
    """The document around the report: a given agency's, or the one that the record came in."""
    if agency is not None:
        return agency.document()
    kept = record.of_standards.get(STANDARD)
    if kept is None:
        raise Incomplete(PARTS)
    return parse_xml(kept).getroot()


class Writer:
    """Writes a report in the order of the structure."""

    def __init__(self, sheet: Sheet, cases: Cases, known: dict[str, str]) -> None:
        self.sheet = sheet
        self.cases = cases
        self.known = known
        self.missing: list[str] = []

    def group(self, node: Node, scope: ScopeId) -> etree._Element:
        one = etree.Element(f"{NS}{node.name}")
        if node.name != REPORT:
            self.attributes(one, scope if node.repeats or node.scope else None, node.name)
        for child in node.inner:
            one.extend(self.all_of(child, scope))
        return one

    def attributes(self, one: etree._Element, of: ScopeId, name: str) -> None:
        for attribute, value in self.sheet.about.get((of, name), {}).items():
            one.set(attribute, value)

    def all_of(self, node: Node, scope: ScopeId) -> list[etree._Element]:
        if node.is_element:
            return self.elements(node, scope)
        if node.repeats:
            there = self.sheet.within(node.name, scope)
            return [self.group(node, one) for one in there or [scope] * node.least]
        if node.least or self.sheet.has(node, scope):
            return [self.group(node, scope)]
        return []

    def elements(self, node: Node, scope: ScopeId) -> list[etree._Element]:
        there = self.sheet.placed.get((node.name, scope), [])
        said = [one for one in (self.element(node, placed) for placed in there) if one is not None]
        if said:
            return said if node.repeats else said[:1]
        return self.nothing(node) if node.least else []

    def element(self, node: Node, placed: Placed) -> etree._Element | None:
        """None for what NEMSIS has no word for."""
        said = placed.said
        one = etree.Element(f"{NS}{node.name}")
        if said.value:
            text = self.text(one, node, placed)
            if not text:
                return None
            one.text = text
        elif not (said.not_value or said.pertinent_negative):
            return None
        else:
            one.set(NIL, "true")
        for attribute, name, value in (
            ("NV", "not_value", said.not_value),
            ("PN", "pertinent_negative", said.pertinent_negative),
        ):
            if value:
                code = code_lists()[name][value].codes.get(OWN_CODES)
                if not code:
                    return None
                one.set(attribute, code)
        if said.id:
            self.attributes(one, said.id, node.name)
        return one

    def text(self, one: etree._Element, node: Node, placed: Placed) -> str:
        said, row = placed.said, placed.row
        if row is None:
            return said.value
        if row.coded:
            return coded(one, row, said.value)
        if row.ours.type is Kind.NUMBER:
            return number(one, node, row, said.value, said.unit)
        if row.ours.type is Kind.TIME:
            return time_with_offset(said.value)
        named = said.en if node.name not in table().by_code else ""
        return words(node, named or said.value)

    def nothing(self, node: Node) -> list[etree._Element]:
        """What is required although nobody said it: known by itself, or a reason why not."""
        one = etree.Element(f"{NS}{node.name}")
        if node.name in self.known:
            one.text = self.known[node.name]
            return [one]
        if not node.nv:
            self.missing.append(node.name)
            return []
        one.set(NIL, "true")
        one.set("NV", code_lists()["not_value"][self.cases.why_not(node.name)].codes[OWN_CODES])
        return [one]


def words(node: Node, value: str) -> str:
    """A text as long as it may be; "" for one of another form than NEMSIS knows."""
    pattern = table().patterns.get(node.name)
    if pattern is None:
        return value[: node.longest]
    abroad = f"+{table().country}{value}"
    return next((text for text in (value, abroad) if pattern.fullmatch(text)), "")


def coded(one: etree._Element, row: Row, value: str) -> str:
    """The code; "" where the value has none, or none of a system that may stand here."""
    code, system = row.code_of(value)
    if system not in row.allowed:
        return ""
    if row.says_system:
        one.set("CodeType", table().code_types[system])
    return code


def number(one: etree._Element, node: Node, row: Row, value: str, unit: str) -> str:
    """In the unit of NEMSIS, with its digits; as written where both fit already."""
    if row.unit.attribute:
        if unit not in row.unit.codes:
            return ""
        one.set(row.unit.attribute, row.unit.codes[unit])
    if row.unit.element and unit not in row.unit.codes and not row.only_unit:
        return ""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return ""
    wanted = row.unit.unit
    by = table().conversions.get((unit, wanted)) if wanted and unit and unit != wanted else None
    if by is None and -int(exact.as_tuple().exponent) <= node.digits:
        return value
    return str(
        (exact * Decimal(str(by or 1))).quantize(Decimal(1).scaleb(-node.digits), ROUND_HALF_EVEN)
    )


def time_with_offset(value: str) -> str:
    """NEMSIS refuses `Z`."""
    return datetime.fromisoformat(value).isoformat() if value.endswith("Z") else value
