"""The official files: suggested lists (lists/*.json) and the enumerations of the dictionary."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehr_prehospital.exchange.nemsis.mapping import OWN_CODES, table
from ehr_prehospital.exchange.safe_xml import Unreadable

DICTIONARY = Path("dictionary") / "EMSDataSet_ElementEnumerations.txt"
SYSTEMS = {"ICD-10": "icd10", "SNOMED-CT": "snomed", "RxNorm": "rxnorm"}


@dataclass(frozen=True, slots=True)
class Code:
    """`system` is what stands before the colon of a value: icd10, snomed, rxnorm, nemsis."""

    system: str
    code: str
    name: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """`elements` are the elements of NEMSIS that it is for; `version` is the file's own date."""

    name: str
    version: str
    elements: tuple[str, ...]
    codes: tuple[Code, ...]


def official_lists(folder: Path) -> Iterator[CodeList]:
    """Every list in the folder `nemsis` of the standards. Raises Unreadable."""
    for file in sorted((folder / "lists").glob("*.json")):
        try:
            yield suggested(file.stem, json.loads(file.read_text(encoding="utf-8-sig")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"{file.name}: {error!r}") from error
    if (folder / DICTIONARY).is_file():
        yield from enumerations(folder / DICTIONARY)


# Any: JSON.
def suggested(name: str, content: dict[str, Any]) -> CodeList:
    head, rows = content["DefinedList"]["Header"], content["DefinedList"]["Codes"]["Code"]
    vocabularies = head["SourceVocabularies"]["SourceVocabulary"]
    usual = SYSTEMS[vocabularies[0]["Value"]]
    by_type = {code: system for system, code in table().code_types.items()}
    return CodeList(
        name,
        content["DefinedList"]["date"],
        tuple(head["NemsisElements"]["NemsisElement"]),
        tuple(
            Code(
                by_type[row["Value"]["CodeType"]] if "CodeType" in row["Value"] else usual,
                row["Value"]["Value"],
                row.get("SuggestedLabel") or row["SourceLabel"],
                row.get("Category", ""),
            )
            for row in rows
        ),
    )


def enumerations(file: Path) -> Iterator[CodeList]:
    """One list for each element that has codes of its own. The file separates by '|'."""
    found: dict[str, list[Code]] = {}
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        parts = line.strip("'| ").split("'|'")
        if len(parts) == 5 and parts[3].isdigit():
            found.setdefault(parts[1], []).append(Code(OWN_CODES, parts[3], parts[4]))
    for element, codes in found.items():
        yield CodeList(element, "", (element,), tuple(codes))
