"""The official test scripts, which tell a person what to key, read as a document.

A script has a row for each element, in words: the label of a code, a time as people write it, the
reason why there is no value. The words become codes by the official dictionary. What a script
leaves to the vendor (`[Your …]`) and the gazetteer's codes of places stand in the official
document only; they are taken from the same place there, and counted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from lxml import etree, html

from tests.rules.nemsis_files import NEMSIS

SCRIPTS = NEMSIS / "compliance-2025" / "html"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAME = re.compile(r"[A-Za-z]\w*(?:\.\w+)?")
SAID = re.compile(r"\[(\w+) = (\[[^]]*\]|[^]]*?)\s*\]\s*")
CODE = re.compile(r"([0-9A-Z][0-9A-Z.]*) - .+")
DAY = re.compile(r"\w+ \d+, \d{4}")
TIME = re.compile(r"(\w+ \d+, \d{4}, \d\d:\d\d:\d\d) GMT([+-]\d\d:\d\d)")
# Words of attributes, whose codes the dictionary does not list.
NOT_VALUES = {
    "Not Applicable": "7701001",
    "Not Recorded": "7701003",
    "Not Reporting": "7701005",
}
NEGATIVES = {
    "Contraindication Noted": "8801001",
    "Exam Finding Not Present": "8801005",
    "No Known Drug Allergy": "8801013",
    "None Reported": "8801015",
    "Refused": "8801019",
    "Unable to Complete": "8801023",
    "Symptom Not Present": "8801031",
}
ATTRIBUTES = {
    "ETCO2Type": {"Percentage": "3340003"},
    "PhoneNumberType": {"Home": "9913003", "Mobile": "9913005"},
    "VelocityUnit": {"Miles per Hour": "9921003"},
    "NV": NOT_VALUES,
    "PN": NEGATIVES,
}


# A script has the name of a place, the document the gazetteer's code.
PLACES = frozenset(
    {
        *("dAgency.04", "ePatient.06", "ePatient.07", "ePatient.08", "ePatient.20"),
        *("ePayment.14", "ePayment.28"),
        *("eScene.17", "eScene.18", "eScene.21"),
        *("eDisposition.03", "eDisposition.04", "eDisposition.05", "eDisposition.06"),
    }
)


@dataclass
class Row:
    """A line of a script: how deep it stands, its element, its attributes and its word."""

    depth: int
    element: str
    attributes: dict[str, str] = field(default_factory=dict)
    word: str = ""


def script_of(document: Path) -> Path:
    return SCRIPTS / f"{document.stem}.html"


def rows(script: Path) -> Iterator[Row]:
    """In order. A value without an element is one more of the element before."""
    depth, element = 0, ""
    for line in html.parse(str(script)).iter("tr"):
        cells = line.findall("td")
        if not cells:
            continue
        if cells[0].get("class") == "element":
            depth = int(re.sub(r"\D", "", cells[0].get("style", "0")))
            label = cells[0].find("span")
            found = NAME.match("".join(label.itertext()).strip()) if label is not None else None
            assert found, etree.tostring(line)
            element = found[0]
        yield read(Row(depth, element), " ".join("".join(cells[-1].itertext()).split()))


def read(row: Row, text: str) -> Row:
    while found := SAID.match(text):
        row.attributes[found[1]] = found[2].strip('" ')
        text = text[found.end() :]
    row.word = text
    return row


def document_of(script: Path, official: bytes) -> tuple[bytes, int]:
    """What the script says as a document, and how many of its values it leaves to others."""
    root = etree.fromstring(official)
    said = list(rows(script))
    told = {row.element for row in said}
    # An agency's own definitions are no part of the script.
    wanted = [
        one
        for one in root.iter("{*}*")
        if local(one) in told or not local(one).startswith("eCustom")
    ]
    assert [row.element for row in said] == [local(one) for one in wanted]
    left = 0
    for row, one in zip(said, wanted, strict=True):
        assert row.depth == 1 + sum(1 for _ in one.iterancestors())
        for name, word in row.attributes.items():
            if not word.startswith("["):
                one.set(name, ATTRIBUTES.get(name, {}).get(word, word))
        if "NV" in row.attributes or ("PN" in row.attributes and not row.word):
            assert not (one.text or "").strip()
        elif len(one) == 0 and row.word:
            code = value_of(row)
            if code is None:
                left += 1
            else:
                one.text = code
    return etree.tostring(root), left


def local(one: etree._Element) -> str:
    return str(etree.QName(one).localname)


def value_of(row: Row) -> str | None:
    """The value that a person keys for a word; None for what the script does not know."""
    if row.word.startswith("[") or row.element in PLACES:
        return None
    if found := TIME.fullmatch(row.word):
        moment = datetime.strptime(found[1], "%B %d, %Y, %H:%M:%S")  # noqa: DTZ007 (its offset)
        return f"{moment.isoformat()}{found[2]}"
    if DAY.fullmatch(row.word):
        return f"{datetime.strptime(row.word, '%B %d, %Y').date()}"  # noqa: DTZ007 (a birthday)
    if code := codes().get(row.element, {}).get(row.word):
        return code
    if found := CODE.fullmatch(row.word):
        return found[1]
    return row.word


@cache
def codes() -> dict[str, dict[str, str]]:
    """Element → label → code, by the official dictionary."""
    found: dict[str, dict[str, str]] = {}
    file = NEMSIS / "dictionary" / "EMSDataSet_ElementEnumerations.txt"
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.reader(lines, delimiter="|", quotechar="'"):
            found.setdefault(row[1], {})[row[4]] = row[3]
    return found
