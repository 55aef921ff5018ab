"""FHIR R4 resources and Bundles against the official definitions, by one function.

Structure (JSON schema) → base and profiles (cardinalities, slices, required bindings) → invariants
→ references inside a Bundle.
"""

import base64
import binascii
import contextlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import fhirpathpy
import jsonschema_rs
from django.conf import settings
from django.utils.translation import gettext as _
from fhirpathpy.models import models

from ehr_prehospital.exchange.fhir.checking import Checker, listed
from ehr_prehospital.exchange.fhir.definitions import BASE, Json, Node, tree
from ehr_prehospital.exchange.nemsis.validation import NoOfficialFiles
from ehr_prehospital.exchange.report import Finding, Report
from ehr_prehospital.exchange.safe_xml import MOST_BYTES

DEEPEST = 100
# Rules that are checked here without FHIRPath, and those that fhirpathpy 2.2 gets wrong.
BY_OURSELVES = frozenset({"ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "txt-1"})
BROKEN_THERE = frozenset({"bdl-3", "bdl-4", "bdl-7", "bdl-8", "bdl-9", "bdl-10", "txt-2", "sdf-0"})


class Unreadable(ValueError):
    """Why a file is no FHIR."""


def validate(path: Path, *, more_rules: Sequence[Path] = ()) -> Report:
    """Check one file. Raises NoOfficialFiles where the administrator has not named their folder."""
    try:
        resource = read(path)
    except Unreadable as error:
        return Report(str(path), "fhir", "", (Finding("error", "json", str(error)),))
    kind = str(resource.get("resourceType", ""))
    return Report(str(path), "fhir", kind, validate_resource(resource))


def read(path: Path) -> Json:
    """Raises Unreadable for what is too large, too deep, or no JSON object."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // 1024 // 1024} MiB")
    return parse(content)


def parse(content: bytes) -> Json:
    if depth(content) > DEEPEST:
        raise Unreadable(f"deeper than {DEEPEST} levels")
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(found, dict):
        raise Unreadable("not a JSON object")
    return found


def depth(content: bytes) -> int:
    """The most brackets that are open at once, whatever stands in texts."""
    deepest = level = 0
    for byte in content:
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def once(pairs: list[tuple[str, Any]]) -> Json:
    names = [name for name, _value in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"{twice} stands twice")
    return dict(pairs)


def validate_resource(resource: Json) -> tuple[Finding, ...]:
    """Everything that is wrong with a resource, and with those in a Bundle of them."""
    kind = str(resource.get("resourceType", ""))
    findings = list(shape(resource, kind))
    if findings:
        return tuple(findings)
    if kind == "Bundle":
        findings.extend(bundled(resource))
        for number, entry in enumerate(listed(resource.get("entry"))):
            inner = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(inner, dict):
                findings.extend(one_resource(inner, f"Bundle.entry[{number}].resource"))
        return (*findings, *one_resource(resource, "Bundle"))
    return tuple(one_resource(resource, kind))


def shape(resource: Json, kind: str) -> Iterator[Finding]:
    """The official JSON schema, of this type only: its message for all types at once is useless."""
    schema = schema_of(official(), kind)
    if schema is None:
        text = _("Not a resource of FHIR R4: %(kind)s.") % {"kind": kind or "—"}
        yield Finding("error", "type", text)
        return
    for error in schema.iter_errors(resource):
        where = ".".join(str(step) for step in error.instance_path)
        yield Finding("error", "structure", str(error.message)[:300], f"{kind}.{where}")


@cache
def schema_of(standards: Path, kind: str) -> jsonschema_rs.Draft7Validator | None:
    content = whole_schema(standards)
    if kind not in content["discriminator"]["mapping"]:
        return None
    return jsonschema_rs.Draft7Validator(
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "definitions": content["definitions"],
            "$ref": f"#/definitions/{kind}",
        }
    )


# Any: a JSON schema.
@cache
def whole_schema(standards: Path) -> Any:
    return json.loads((standards / "fhir-r4" / "fhir.schema.json").read_text(encoding="utf-8"))


def official() -> Path:
    """The folder of the official files."""
    folder = settings.STANDARDS_DIR
    if folder is None or not (folder / "fhir-r4").is_dir():
        raise NoOfficialFiles(
            _("The official FHIR files are not here. Name their folder in ONBOARD_STANDARDS.")
        )
    return Path(folder)


def one_resource(resource: Json, where: str) -> Iterator[Finding]:
    kind = str(resource.get("resourceType", ""))
    checker = Checker(official())
    named = [str(one) for one in listed(resource.get("meta", {}).get("profile"))]
    for url in (f"{BASE}{kind}", *named):
        if definition := tree(checker.standards, url):
            yield from checker.against(definition, resource, where)
            yield from invariants(definition, resource, where)
    if kind != "Bundle":
        yield from tidy(resource, where)
    if kind not in ("Bundle", "Parameters"):
        yield from contained(resource, where)


def invariants(definition: Node, resource: Json, where: str) -> Iterator[Finding]:
    """The rules of the resource and of the elements that it has, as FHIRPath."""
    for path, key, human, expression in rules_of(definition, resource):
        if not holds(expression, resource):
            yield Finding("error", key, human, where + path)


def rules_of(definition: Node, resource: Json) -> Iterator[tuple[str, str, str, str]]:
    """(path, key, text, FHIRPath for the whole resource) of the rules for what is there."""
    kind = str(resource["resourceType"])
    for node, path in places(definition, resource, ""):
        for rule in node.rules:
            if rule["key"] not in BY_OURSELVES and rule["key"] not in BROKEN_THERE:
                all_of = f"{kind}{path}.all({rule['expression']})"
                expression = all_of if path else rule["expression"]
                yield path, rule["key"], str(rule.get("human", "")), expression


def places(node: Node, value: Any, path: str) -> Iterator[tuple[Node, str]]:
    """The resource itself and each element of its own in it, by its definition."""
    yield node, path
    for name, child in node.children.items():
        found = [one for one in listed(value.get(name)) if isinstance(one, dict)]
        if found and child.children:
            merged = {key: part for one in found for key, part in one.items()}
            yield from places(child, merged, f"{path}.{name}")


def holds(expression: str, value: Json) -> bool:
    """Whether a rule is true; one that cannot be worked out does not count against anybody."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            found = compiled(expression)(value)
        except Exception:  # noqa: BLE001 - a young library; what it cannot do is no fault of the file
            return True
    return bool(found != [False])


@cache
def compiled(expression: str) -> Any:
    return fhirpathpy.compile(expression, models["r4"])


def contained(resource: Json, where: str) -> Iterator[Finding]:
    """Contained resources have no others in them, and every #reference has its target."""
    inside = [one for one in listed(resource.get("contained")) if isinstance(one, dict)]
    known = {str(one.get("id")) for one in inside}
    for one in inside:
        if "contained" in one:
            yield Finding("error", "dom-2", "a contained resource contains another", where)
    for target in references(resource):
        if target.startswith("#") and target != "#" and target[1:] not in known:
            yield Finding("error", "ref-1", f"{target} is not contained", where)


def tidy(value: Any, where: str) -> Iterator[Finding]:
    """No empty lists and objects, extensions without a version, data that are what they say."""
    if isinstance(value, list):
        for one in value:
            yield from tidy(one, where)
    if value in ([], {}):
        yield Finding("error", "empty", "nothing is in it", where)
    if not isinstance(value, dict):
        return
    if "|" in str(value.get("url", "")) and ".extension" in where:
        yield Finding("error", "extension", "the address of an extension has no version", where)
    yield from attached(value, where)
    for name, one in value.items():
        if name != "contained":
            yield from tidy(one, f"{where}.{name}")


def attached(value: Json, where: str) -> Iterator[Finding]:
    """Base64 that is none, and sizes that are not those of the data."""
    data = value.get("data")
    if isinstance(data, str) and "contentType" in value:
        try:
            size = len(base64.b64decode("".join(data.split()), validate=True))
        except (binascii.Error, ValueError):
            yield Finding("error", "base64", "the data are no base64", where)
        else:
            if "size" in value and value["size"] != size:
                text = f"size {value['size']} said, {size} found"
                yield Finding("error", "size", text, where)


def references(value: Any) -> Iterator[str]:
    """Every literal reference in a resource."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for one in value.values():
            yield from references(one)


def bundled(bundle: Json) -> Iterator[Finding]:
    """What holds between the entries: unique addresses, the Composition first, no loose ends."""
    entries = [one for one in listed(bundle.get("entry")) if isinstance(one, dict)]
    kind = bundle.get("type")
    urls = [str(one["fullUrl"]) for one in entries if "fullUrl" in one]
    if kind != "history" and len(set(versioned(entries))) < len(versioned(entries)):
        yield Finding("error", "bdl-7", "two entries have the same fullUrl", "Bundle.entry")
    for number, url in enumerate(urls):
        if ":" not in url:
            text = "fullUrl is not absolute"
            yield Finding("error", "fullUrl", text, f"Bundle.entry[{number}]")
        if "/_history/" in url:
            yield Finding("error", "bdl-8", "fullUrl names a version", f"Bundle.entry[{number}]")
    if kind == "document":
        yield from document(bundle, entries)
    if kind in ("document", "message"):
        yield from loose(entries, urls)


def versioned(entries: Sequence[Json]) -> list[tuple[str, str]]:
    return [
        (
            str(one["fullUrl"]),
            str(one.get("resource", {}).get("meta", {}).get("versionId", "")),
        )
        for one in entries
        if "fullUrl" in one
    ]


def document(bundle: Json, entries: Sequence[Json]) -> Iterator[Finding]:
    first = entries[0].get("resource", {}) if entries else {}
    if first.get("resourceType") != "Composition":
        yield Finding("error", "bdl-11", "the first entry must be a Composition", "Bundle.entry[0]")
    identifier = bundle.get("identifier") or {}
    if not (identifier.get("system") and identifier.get("value")):
        yield Finding("error", "bdl-9", "a document needs an identifier", "Bundle.identifier")
    if not bundle.get("timestamp"):
        yield Finding("error", "bdl-10", "a document needs a time", "Bundle.timestamp")


def loose(entries: Sequence[Json], urls: Iterable[str]) -> Iterator[Finding]:
    """References that point at nothing in a document."""
    known = set(urls)
    relative = {
        f"{inner.get('resourceType')}/{inner.get('id')}"
        for one in entries
        if isinstance(inner := one.get("resource"), dict)
    }
    for number, one in enumerate(entries):
        for target in references(one.get("resource")):
            plain = target.partition("/_history/")[0]
            inside = plain in known or plain in relative or plain.startswith("#")
            outside = plain.startswith(("http:", "https:"))
            if not inside and not outside:
                level = "error" if plain.startswith("urn:") else "warning"
                yield Finding(
                    "error" if level == "error" else "warning",
                    "reference",
                    f"{target} is not in the Bundle",
                    f"Bundle.entry[{number}].resource",
                )
