"""XML of strangers: no entities, no document types, no network, bounded size and depth."""

from pathlib import Path
from typing import cast

from lxml import etree

# A record with photographs as base64 is some megabytes; a larger one is no record.
MOST_BYTES = 50 * 1024 * 1024
# Looked for before anything is parsed, in each encoding that a parser would guess by itself.
FORBIDDEN = tuple(
    mark.encode(encoding)
    for mark in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


class Unreadable(ValueError):
    """Why a document is not read; `line` is where, if that is known."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


# lxml-stubs call a tree private; it is what every reader gives.
def read_xml(path: Path) -> etree._ElementTree:
    """Parse a file. Raises Unreadable, and OSError where there is no such file."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return parse_xml(content)


def parse_xml(content: bytes) -> etree._ElementTree:
    """Raises Unreadable for what is too large, too deep, broken, or declares a document type."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // 1024 // 1024} MiB")
    if any(mark in content for mark in FORBIDDEN):
        raise Unreadable("a document type or entities are not allowed")
    # Without huge_tree the depth ends at 256, and a text at ten million characters.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(error.msg or "no XML", error.lineno) from error
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise Unreadable("a document type or entities are not allowed")
    return tree


def line_in(one: etree._Element) -> int | None:
    """The line of an element in what was parsed."""
    return cast("int | None", one.sourceline)  # the stubs do not know its type
