"""Official NEMSIS documents get the official verdicts; hostile ones are refused."""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from lxml import etree
from pytest_django import Settings

from config.env import ROOT
from ehr_prehospital.exchange.nemsis.schematron import broken_rules, stylesheet
from ehr_prehospital.exchange.nemsis.validation import (
    NoOfficialFiles,
    against_schema,
    line_of,
    official,
    validate,
)
from ehr_prehospital.exchange.safe_xml import MOST_BYTES, Unreadable, parse_xml, read_xml
from tests.rules.nemsis_files import NEMSIS, STANDARDS, needs_files

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;">]><a>&d;</a>"""
STRANGER = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.fixture(autouse=True)
def standards(settings: Settings) -> None:
    settings.STANDARDS_DIR = STANDARDS if STANDARDS.is_dir() else None


def cases() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Data set, file, and what has to fire."""
    for data_set in ("EMS", "DEM", "State"):
        file = NEMSIS / "schematron-cases" / data_set / "expected.tsv"
        if file.is_file():
            rows = list(csv.reader(file.read_text("utf-8").splitlines(), delimiter="\t"))[1:]
            for name, said in rows:
                expected = () if said == "PASS" else tuple(said.replace(",", " ").split())
                yield data_set, name, expected


CASES = list(cases())
SAMPLES = ["samples-ems", "samples-dem", "samples-state", "samples-custom"]
SAMPLES += ["compliance-2025/full", "compliance-2025/national"]


@needs_files
@pytest.mark.parametrize(("data_set", "name", "expected"), CASES, ids=[one[1] for one in CASES])
def test_an_official_case_breaks_exactly_its_rules(
    data_set: str, name: str, expected: tuple[str, ...]
) -> None:
    tree = read_xml(NEMSIS / "schematron-cases" / data_set / name)
    kind = f"{data_set}DataSet"

    found = broken_rules(
        official() / "schematron" / f"{kind}.sch", etree.tostring(tree, encoding="utf-8")
    )

    assert against_schema(tree, kind) == ()
    assert sorted(f"{one.rule}{one.role}" for one in found) == sorted(expected)


@needs_files
@pytest.mark.parametrize("folder", SAMPLES)
def test_every_official_sample_is_valid(folder: str) -> None:
    reports = [validate(file) for file in sorted((NEMSIS / folder).glob("*.xml"))]

    assert len(reports) > 3
    assert [one.path for one in reports if not one.valid] == []


@needs_files
def test_what_has_to_fail_fails_with_its_rule_and_line() -> None:
    folder = NEMSIS / "compliance-2025" / "fail"

    by_schema = validate(folder / "2025-EMS-FailXsd_v351.xml")
    by_rule = validate(folder / "2025-EMS-FailSchematron_v351.xml")

    assert not by_schema.valid
    assert "eSituation" in by_schema.findings[0].text
    assert by_schema.findings[0].line == 121
    (error,) = [one for one in by_rule.findings if one.level == "error"]
    assert error.rule == "nemSch_e005"
    assert error.where.endswith("eSituation.10[1]")
    lines = (folder / "2025-EMS-FailSchematron_v351.xml").read_text().splitlines()
    assert error.line is not None
    assert "eSituation.10" in lines[error.line - 1]


@needs_files
def test_rules_of_a_state_are_checked_after_the_national_ones() -> None:
    story = NEMSIS / "compliance-2025" / "full" / "2025-EMS-1-Overdose_v351.xml"
    more = NEMSIS / "compliance-2025" / "schematron" / "EMSDataSet.sch"
    without = parse_xml(story.read_bytes())
    for group in without.iter("{http://www.nemsis.org}eExam.AssessmentGroup"):
        for exam in group.findall("{http://www.nemsis.org}eExam.19"):
            group.remove(exam)

    found = broken_rules(more, etree.tostring(without, encoding="utf-8"))

    assert validate(story, more_rules=[more]).valid
    assert "eExam.19" in {name for one in found for name in one.missing}


def test_of_a_pattern_only_the_first_rule_that_fits_fires(tmp_path: Path) -> None:
    schema = tmp_path / "own.sch"
    schema.write_text(
        """<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
        <sch:let name="most" value="10"/>
        <sch:pattern><sch:rule context="a[@quiet]"><sch:report id="r0" test="false()">-</sch:report>
          </sch:rule>
          <sch:rule context="a"><sch:let name="own" value="number(.)"/>
            <sch:assert id="r1" role="[ERROR]" test="$own &lt; $most">More than
              <sch:value-of select="$most"/>: <sch:name/>.</sch:assert></sch:rule></sch:pattern>
        <sch:pattern><sch:rule context="b"><sch:report id="r2" role="[WARNING]" test="a">has an a
          </sch:report></sch:rule></sch:pattern></sch:schema>"""
    )

    found = broken_rules(schema, b"<b><a>12</a><a quiet=''>99</a><a>3</a></b>")

    assert [(one.rule, one.role, one.where) for one in found] == [
        ("r1", "[ERROR]", "/b[1]/a[1]"),
        ("r2", "[WARNING]", "/b[1]"),
    ]
    assert found[0].text == "More than 10: a."
    assert len(stylesheet(etree.parse(str(schema)).getroot())) == 8


@pytest.mark.parametrize("hostile", [BOMB, STRANGER, BOMB.decode().encode("utf-16")])
def test_document_types_and_entities_are_refused(hostile: bytes) -> None:
    with pytest.raises(Unreadable, match="not allowed"):
        parse_xml(hostile)


@pytest.mark.parametrize(
    ("broken", "line"), [(b"", None), (b"<a>\n<b></a>", 2), (b"<a>" * 300, 1), (b"\xff\xfe", None)]
)
def test_broken_documents_are_refused_with_their_line(broken: bytes, line: int | None) -> None:
    with pytest.raises(Unreadable) as refused:
        parse_xml(broken)

    assert line is None or refused.value.line == line


def test_a_document_of_200_megabytes_takes_neither_the_memory_nor_the_time(tmp_path: Path) -> None:
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as file:
        file.write(b"<EMSDataSet xmlns='http://www.nemsis.org'>")
        file.truncate(200 * 1024 * 1024)
    script = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from ehr_prehospital.exchange.safe_xml import Unreadable, read_xml\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    read_xml(Path(sys.argv[1]))\nexcept Unreadable as error:\n"
        "    print(error.text)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(huge)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=20,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (10, 10)),
    )  # fmt: skip

    said, more_kib = done.stdout.splitlines()
    assert said == "larger than 50 MiB"
    assert int(more_kib) * 1024 < 3 * MOST_BYTES


def test_without_the_official_files_it_says_what_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STANDARDS_DIR = None
    file = tmp_path / "one.xml"
    file.write_text("<EMSDataSet xmlns='http://www.nemsis.org'/>")

    with pytest.raises(NoOfficialFiles, match="ONBOARD_STANDARDS"):
        validate(file)


def test_another_kind_of_document_is_named(tmp_path: Path) -> None:
    file = tmp_path / "one.xml"
    file.write_text("<html>\n</html>")

    report = validate(file)

    assert not report.valid
    assert "html" in report.findings[0].text
    assert report.findings[0].line == 1


def test_a_place_that_is_not_there_has_no_line() -> None:
    assert line_of(parse_xml(b"<a><b/></a>"), "/a[1]/b[2]") is None


@needs_files
def test_the_command_prints_a_line_a_file_and_ends_with_1_for_what_is_not_valid() -> None:
    folder = NEMSIS / "compliance-2025"
    said = StringIO()

    call_command("validate", "nemsis", str(folder / "full"), stdout=said)
    with pytest.raises(CommandError, match="4 not valid") as ended:
        call_command("validate", "nemsis", str(folder / "fail"), stdout=StringIO())
    with pytest.raises(CommandError) as missing:
        call_command("validate", "nemsis", "/nowhere.xml")

    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert len(lines) == 5
    assert {line["kind"] for line in lines} == {"EMSDataSet", "DEMDataSet", "StateDataSet"}
    assert all(line["valid"] for line in lines)
    assert (ended.value.returncode, missing.value.returncode) == (1, 2)
