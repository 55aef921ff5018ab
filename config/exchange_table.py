"""Where each element of the record goes in each standard, as Markdown: printed from the mappings.

`python manage.py print_tables` writes the page, tests/rules/test_docs_are_fresh.py compares it.
"""

from pathlib import Path

from config.env import ROOT
from ehr_prehospital.exchange.cn.mapping import table as cn
from ehr_prehospital.exchange.nemsis import examination
from ehr_prehospital.exchange.nemsis.mapping import table as nemsis
from ehr_prehospital.exchange.nemsis.structure import nodes
from ehr_prehospital.record.catalogue import Element, Group, elements, groups

PAGE: Path = ROOT / "docs" / "exchange_table.md"

UNCONFIRMED = "(to be confirmed)"
HEAD = """\
# Where each element goes

Printed from the mappings in `ehr_prehospital/exchange` and the columns of the catalogue by `python
manage.py print_tables`; a test fails when this page is stale. Do not edit it: edit the files.

*NEMSIS*: the element of v3.5.1, and the group that repeats with ours. *FHIR*: the resource of R4
and its LOINC code. *China*: the field of WS 542/WS 445 with its identifier; *to be confirmed* where
no public material was read that has one. An element of a standard without a place here is carried
through the record under its own name.
"""


def page() -> str:
    """The whole page. The same files give the same text."""
    return "\n".join(
        [HEAD, counts(), "", *(line for one in groups().values() for line in part(one))]
    )


def counts() -> str:
    """How much of each standard has a place in the record."""
    known = [node.name for node in nodes().values() if node.is_element]
    mapped = {name for name in known if name in nemsis().rows or name in of_examination()}
    confirmed = {row.element for rows in cn().fields.values() for row in rows if row.id}
    return (
        f"{len(elements())} elements. NEMSIS: {len(mapped)} of the {len(known)} elements of a"
        f" report have a place, {len(known) - len(mapped)} are carried. China: {len(confirmed)}"
        " elements have a verified identifier."
    )


def of_examination() -> set[str]:
    """The elements of eExam that findings become."""
    regions = examination.table()["regions"].values()
    numbers = {region["element"] for region in regions} | {
        region["place"] for region in regions if "place" in region
    }
    return {f"eExam.{number}" for number in numbers} | {"eExam.03"}


def part(group: Group) -> list[str]:
    return [
        f"## {group.en} · {group.zh}",
        "",
        "| Element | 中文 | NEMSIS | FHIR R4 | China |",
        "|---|---|---|---|---|",
        *(row(one) for one in group.elements),
        "",
    ]


def row(one: Element) -> str:
    cells = (f"`{one.code}`", one.zh, in_nemsis(one), one.fhir or "—", in_china(one))
    return f"| {' | '.join(cells)} |"


def in_nemsis(one: Element) -> str:
    if one.code in ("exam.region", "exam.finding", "exam.side", "exam.burn_depth"):
        return "eExam.04–.25 by region"
    if one.code == "identity.name":
        return "ePatient.02, .03, when nobody took it apart"
    found = nemsis().by_element.get(one.code)
    if found is None:
        return "—"
    beside = f" with {found.unit.element or found.unit.attribute}" if found.unit.codes else ""
    unit = f" in {found.unit.unit}" if found.unit.unit else ""
    group = f", {found.group.partition('.')[2]}" if found.group else ""
    return f"{found.name}{beside}{unit}{group}"


def in_china(one: Element) -> str:
    rows = cn().fields.get(one.code, ())
    return (
        "; ".join(f"{row.name} {row.id or '(to be confirmed)'}" for row in rows)
        or "(to be confirmed)"
    )
