"""An agency's own data (DEM) and a state's (State), kept as they are told: element in element.

They are about a service, not about a patient, and the record has no words for them. What is used
is the head of every report (`agency.py`); the rest is kept, and goes out as it came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ehr_prehospital.exchange.nemsis.agency import NAMESPACE, NS, XSI
from ehr_prehospital.exchange.safe_xml import Unreadable, line_in, parse_xml

KINDS = ("DEMDataSet", "StateDataSet")


@dataclass(frozen=True, slots=True)
class Part:
    """An element: its name, its attributes (`xsi:nil` by that name), its text or what is in it."""

    name: str
    attributes: Mapping[str, str]
    text: str
    parts: tuple["Part", ...]

    # Any: JSON.
    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"name": self.name}
        if self.attributes:
            said["attributes"] = dict(self.attributes)
        if self.text:
            said["text"] = self.text
        if self.parts:
            said["parts"] = [part.as_json() for part in self.parts]
        return said


def part_in(said: Mapping[str, Any]) -> Part:
    return Part(
        said["name"],
        said.get("attributes", {}),
        said.get("text", ""),
        tuple(part_in(part) for part in said.get("parts", ())),
    )


def read(content: bytes) -> Part:
    """Raises Unreadable, with its line, for what is no such data set."""
    root = parse_xml(content).getroot()
    if root.tag not in [f"{NS}{kind}" for kind in KINDS]:
        raise Unreadable(f"not one of {', '.join(KINDS)}: {root.tag}", line_in(root))
    return part_of(root)


def part_of(one: etree._Element) -> Part:
    return Part(
        name=etree.QName(one).localname,
        attributes={str(name).replace(f"{{{XSI}}}", "xsi:"): str(x) for name, x in one.items()},
        text=(one.text or "").strip() if len(one) else one.text or "",
        parts=tuple(part_of(inner) for inner in one.findall("*")),
    )


def write(part: Part) -> bytes:
    root = etree.fromstring(f'<{part.name} xmlns="{NAMESPACE}" xmlns:xsi="{XSI}"/>')
    fill(root, part)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def fill(one: etree._Element, part: Part) -> None:
    for name, value in part.attributes.items():
        one.set(name.replace("xsi:", f"{{{XSI}}}"), value)
    one.text = part.text or None
    for inner in part.parts:
        fill(etree.SubElement(one, f"{NS}{inner.name}"), inner)
