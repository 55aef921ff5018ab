"""What NEMSIS v3.5.1 allows where, read from the official schema and data dictionary.

`python -m tests.rules.nemsis_structure` prints ehr_prehospital/exchange/nemsis/structure.txt.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from config.env import ROOT

XSD = "{http://www.w3.org/2001/XMLSchema}"
HEAD = """\
# The data set of an ambulance service, NEMSIS v3.5.1: every section, group and element in the
# order of a document, printed from the official schema and data dictionary
# (tests/rules/nemsis_structure.py).
#
# Two spaces are one level. Behind a name: how often it occurs; `nv` where a reason for no value
# may stand, `nv5` where that may also be "not reporting"; `longest` characters; `digits` after the
# point; `least` and `most` of a number; `@` before the name of each attribute of its own.
"""


def printed(folder: Path) -> str:
    return HEAD + "\n".join(lines(folder)) + "\n"


def lines(folder: Path) -> Iterator[str]:
    facts = dictionary(folder / "dictionary" / "EMSDataSet_ElementDetails_Full.txt")
    types: dict[str, etree._Element] = {}
    elements: dict[str, etree._Element] = {}
    for file in sorted((folder / "xsd").glob("*.xsd")):
        for node in etree.parse(str(file)).getroot():
            if node.tag in (f"{XSD}complexType", f"{XSD}simpleType"):
                types[node.get("name", "")] = node
            elif node.tag == f"{XSD}element":
                elements[node.get("name", "")] = node
    yield from walked(elements["EMSDataSet"], 0, types, facts)


def walked(
    node: etree._Element,
    depth: int,
    types: dict[str, etree._Element],
    facts: dict[str, dict[str, str]],
) -> Iterator[str]:
    name = node.get("name", "")
    kind = node.find(f"{XSD}complexType")
    if kind is None:
        kind = types.get(node.get("type", ""))
    inner = (
        kind.findall(f"{XSD}sequence/{XSD}element")
        if kind is not None and kind.tag == f"{XSD}complexType"
        else []
    )
    words = ["  " * depth + name, occurs(node), *limits(facts.get(name, {}))]
    yield " ".join([*words, *(f"@{one}" for one in attributes(kind, types))])
    for child in inner:
        yield from walked(child, depth + 1, types, facts)


def occurs(node: etree._Element) -> str:
    least, most = node.get("minOccurs", "1"), node.get("maxOccurs", "1")
    most = "n" if most == "unbounded" else most
    return least if least == most else f"{least}..{most}"


def limits(facts: dict[str, str]) -> Iterator[str]:
    if facts.get("NVList"):
        yield "nv5" if "NotReporting" in facts["NVList"] else "nv"
    for word, column in (
        ("longest", "maxLength"),
        ("digits", "fractionDigits"),
        ("least", "minInclusive"),
        ("most", "maxInclusive"),
    ):
        number = facts.get(column, "")
        if number.replace(".", "").isdigit():
            yield f"{word}={number}"


def attributes(kind: etree._Element | None, types: dict[str, etree._Element]) -> Iterator[str]:
    """The attributes of its own, without those that say why there is no value."""
    if kind is None or kind.tag != f"{XSD}complexType":
        return
    content = kind.find(f"{XSD}simpleContent/*")
    if content is not None:
        yield from attributes(types.get(content.get("base", "")), types)
    for one in (*kind.findall(f"{XSD}attribute"), *(content if content is not None else ())):
        if one.tag == f"{XSD}attribute" and one.get("name") not in ("NV", "PN"):
            yield one.get("name", "")


def dictionary(file: Path) -> dict[str, dict[str, str]]:
    """Element → column → value; nothing behind a pattern, which may hold the separator."""
    with file.open(encoding="utf-8", errors="replace", newline="") as text:
        rows = csv.reader(text, delimiter="|", quotechar="'")
        head = next(rows)
        return {row[2]: dict(zip(head, row, strict=False)) for row in rows if len(row) > 2}


if __name__ == "__main__":
    sys.stdout.write(printed(ROOT.parent / "shared" / "standards" / "nemsis"))
