"""ISO Schematron (ISO/IEC 19757-3) with the query binding xslt2, compiled to XSLT and run.

A pattern becomes a mode, a rule a template with falling priority, so that of one pattern only the
first rule that fits a node fires. SaxonC lives in one thread for good: opened in several, it
ends the whole process.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from lxml import etree
from saxonche import PySaxonProcessor

SCH = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
# More rules than any pattern has: priorities fall from here.
FIRST_PRIORITY = 100_000

Result = TypeVar("Result")
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="saxon")


@dataclass(frozen=True, slots=True)
class Broken:
    """An assertion that failed or a report that holds.

    `where` is the path of the node that the rule looked at; `about` are paths of the elements
    that its diagnostic points to, `missing` the names of those that are not there.
    """

    rule: str
    role: str
    text: str
    where: str
    about: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def broken_rules(schema: Path, document: bytes) -> tuple[Broken, ...]:
    """What a document that was read safely breaks, in the order of the patterns.

    Raises ValueError for a schema that cannot be compiled.
    """
    return in_saxon(lambda: _run(schema, document))


def in_saxon(work: Callable[[], Result]) -> Result:
    """Do this in the one thread in which SaxonC lives."""
    return _worker.submit(work).result()


@cache
def _saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


# Any: SaxonC's compiled stylesheet, which has no types.
@cache
def _compiled(schema: Path, mtime_ns: int) -> Any:
    text = etree.tostring(stylesheet(etree.parse(str(schema)).getroot()), encoding="unicode")
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_text=text)


def _run(schema: Path, document: bytes) -> tuple[Broken, ...]:
    compiled = _compiled(schema, schema.stat().st_mtime_ns)
    node = _saxon().parse_xml(xml_text=document.decode("utf-8-sig"))
    found = etree.fromstring(compiled.transform_to_string(xdm_node=node).encode())
    return tuple(_broken(one) for one in found)


def _broken(found: etree._Element) -> Broken:
    def said(attribute: str) -> tuple[str, ...]:
        elements = found.iter("{*}element")
        return tuple(value for one in elements if (value := one.get(attribute)))

    return Broken(
        rule=found.get("id", ""),
        role=found.get("role", ""),
        text=" ".join("".join(map(str, found[0].itertext())).split()),
        where=found.get("where", ""),
        about=said("location"),
        missing=said("name"),
    )


# --- the compiler -----------------------------------------------------------------


def stylesheet(schema: etree._Element) -> etree._Element:
    """The XSLT of a schema, an element each for what is broken."""
    etree.strip_tags(schema, etree.Comment, etree.ProcessingInstruction)
    namespaces = {one.get("prefix", ""): one.get("uri", "") for one in schema.findall(f"{SCH}ns")}
    sheet = etree.Element(
        f"{XSL}stylesheet",
        nsmap={"xsl": XSL[1:-1], "xs": "http://www.w3.org/2001/XMLSchema", **namespaces},
        version="2.0",
    )
    diagnostics = {one.get("id"): one for one in schema.iter(f"{SCH}diagnostic")}
    for own in list(schema.iterchildren("*")):
        if own.tag == f"{SCH}let":
            sheet.append(_variable(own))
        elif own.tag.startswith(XSL):
            sheet.append(own)  # a variable, a key
    sheet.append(_full_path())
    root = etree.SubElement(sheet, f"{XSL}template", match="/")
    found = etree.SubElement(root, "found")
    for number, pattern in enumerate(schema.iter(f"{SCH}pattern")):
        mode = f"pattern-{number}"
        etree.SubElement(found, f"{XSL}apply-templates", select="/*", mode=mode)
        for own in pattern.findall(f"{SCH}let"):
            sheet.append(_variable(own))
        for place, rule in enumerate(pattern.findall(f"{SCH}rule")):
            sheet.append(_template(rule, mode, FIRST_PRIORITY - place, diagnostics))
        otherwise = etree.SubElement(sheet, f"{XSL}template", match="*", mode=mode, priority="-1")
        etree.SubElement(otherwise, f"{XSL}apply-templates", select="*", mode=mode)
    return sheet


def _variable(let: etree._Element) -> etree._Element:
    return etree.Element(f"{XSL}variable", name=let.get("name", ""), select=let.get("value", "()"))


def _template(
    rule: etree._Element, mode: str, priority: int, diagnostics: Mapping[str | None, etree._Element]
) -> etree._Element:
    template = etree.Element(
        f"{XSL}template", match=rule.get("context", ""), mode=mode, priority=str(priority)
    )
    for own in rule:
        if own.tag == f"{SCH}let":
            template.append(_variable(own))
        elif own.tag in (f"{SCH}assert", f"{SCH}report"):
            template.append(_check(own, diagnostics))
    etree.SubElement(template, f"{XSL}apply-templates", select="*", mode=mode)
    return template


def _check(
    check: etree._Element, diagnostics: Mapping[str | None, etree._Element]
) -> etree._Element:
    test = check.get("test", "")
    fails = test if check.tag == f"{SCH}report" else f"not({test})"
    broken = etree.Element(f"{XSL}if", test=fails)
    said = etree.SubElement(broken, "broken", id=check.get("id", ""), role=check.get("role", ""))
    where = etree.SubElement(said, f"{XSL}attribute", name="where")
    etree.SubElement(where, f"{XSL}apply-templates", select=".", mode=FULL_PATH)
    said.append(_with_values(check, "text"))
    for name in (check.get("diagnostics") or "").split():
        if name in diagnostics:
            said.append(_with_values(diagnostics[name], "diagnostic"))
    return broken


def _with_values(mixed: etree._Element, tag: str) -> etree._Element:
    """The words of a message or a diagnostic, with `value-of` and `name` worked out."""
    copy = etree.Element(tag)
    copy.text = mixed.text
    for own in mixed.iterchildren("*"):
        if own.tag == f"{SCH}value-of":
            copied = etree.Element(f"{XSL}value-of", select=own.get("select", "."))
        elif own.tag == f"{SCH}name":
            copied = etree.Element(f"{XSL}value-of", select=own.get("path", "name()"))
        else:
            copied = etree.fromstring(etree.tostring(own, with_tail=False))
        copied.tail = own.tail
        copy.append(copied)
    return copy


FULL_PATH = "schematron-get-full-path"


def _full_path() -> etree._Element:
    """/EMSDataSet[1]/Header[1]/…: names without prefixes, each with its place among its like."""
    template = etree.Element(f"{XSL}template", match="*|@*", mode=FULL_PATH)
    etree.SubElement(
        template,
        f"{XSL}value-of",
        select="string-join(for $one in ancestor-or-self::* return concat('/', local-name($one),"
        " '[', 1 + count($one/preceding-sibling::*[local-name() = local-name($one)]), ']'), '')",
    )
    return template
