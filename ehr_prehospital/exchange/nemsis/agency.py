"""Who reports: what the head of a document says of the ambulance service."""

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from ehr_prehospital.exchange.safe_xml import Unreadable, line_in, parse_xml

NAMESPACE = "http://www.nemsis.org"
NS = f"{{{NAMESPACE}}}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{{{XSI}}}schemaLocation"
VERSION = "3.5.1.250403CP1"
LOCATION = (
    f"{NAMESPACE} https://nemsis.org/media/nemsis_v3/{VERSION}/XSDs/NEMSIS_XSDs/EMSDataSet_v3.xsd"
)


@dataclass(frozen=True, slots=True)
class Agency:
    """dAgency.01, the state's id; .02, the agency's number; .04, the state (FIPS).

    `custom` is the eCustomConfiguration, XML of the definitions of its own that it reports.
    """

    state_id: str
    number: str
    state: str
    custom: bytes = b""

    def document(self) -> etree._Element:
        """An empty document of this agency; the report goes into its Header."""
        root = etree.fromstring(f'<EMSDataSet xmlns="{NAMESPACE}" xmlns:xsi="{XSI}"/>')
        root.set(SCHEMA, LOCATION)
        header = etree.SubElement(root, f"{NS}Header")
        group = etree.SubElement(header, f"{NS}DemographicGroup")
        for name, text in zip(PARTS, (self.state_id, self.number, self.state), strict=True):
            etree.SubElement(group, f"{NS}{name}").text = text
        if self.custom:
            header.append(parse_xml(self.custom).getroot())
        return root


PARTS = ("dAgency.01", "dAgency.02", "dAgency.04")


def agency_in(content: bytes) -> Agency:
    """The agency of a document of its own data (DEM) or of its reports (EMS).

    Raises Unreadable where one of its three marks is missing.
    """
    root = parse_xml(content).getroot()
    found = [root.findtext(f".//{NS}{name}") or "" for name in PARTS]
    if not all(found):
        missing = ", ".join(name for name, text in zip(PARTS, found, strict=True) if not text)
        raise Unreadable(f"without {missing}", line_in(root))
    custom = root.find(f".//{NS}eCustomConfiguration")
    xml = b"" if custom is None else etree.tostring(deepcopy(custom), with_tail=False)
    state_id, number, state = found
    return Agency(state_id, number, state, xml)
