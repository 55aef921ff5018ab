"""Both languages are whole: nothing is missing, and every code has a Chinese name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation
from django.views.i18n import JSONCatalog

import dispatch.terms
import ehr_prehospital.terms

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = Path("locale", "zh_Hans", "LC_MESSAGES")
DOMAINS = ("django", "djangojs")
GETTEXT_TOOLS = ("xgettext", "msguniq", "msgmerge", "msgattrib")
# Everything that no user reads; a copy of the whole checkout would take minutes.
NO_SOURCE = shutil.ignore_patterns(".*", "node_modules", "vendor", "tests", "docs", "*.mo")

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d.]*[a-zA-Z]|%%")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# How the browser's modules say a string, with or without a template literal around it.
SAID_IN_BROWSER = re.compile(r"""\bn?gettext\(\s*(?:"((?:[^"\\]|\\.)*)"|(.))""", re.DOTALL)
# Written in Latin letters on the vehicles and on every monitor in China too.
NOT_TRANSLATED = {("capability_short", code) for code in ("bls", "als", "micu")}
NOT_TRANSLATED |= {("vital_unit", unit) for unit in ("/min", "%", "mm[Hg]", "Cel", "mmol/L")}
NOT_TRANSLATED |= {("unit", code) for code in ("1", "%")}  # a bare number, and percent
# Msgids that stand as they are in Chinese.
SAME_IN_CHINESE = {"BLS", "ALS", "MICU"}


def catalogue(domain: str, root: Path = ROOT) -> polib.POFile:
    return polib.pofile(str(root / MESSAGES / f"{domain}.po"))


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which `make messages` has just been run."""
    lacking = [tool for tool in GETTEXT_TOOLS if not shutil.which(tool)]
    if lacking:
        pytest.skip(f"gettext's {', '.join(lacking)} not installed; `make test` installs them")
    copy = tmp_path_factory.mktemp("sources") / "checkout"
    shutil.copytree(ROOT, copy, ignore=NO_SOURCE)
    children = []
    for domain, skipped in (("django", ["--ignore", "static/*"]), ("djangojs", [])):
        command = [sys.executable, "manage.py", "makemessages", "--domain", domain, *skipped]
        command += ["--locale", "zh_Hans", "--no-obsolete", "--no-wrap"]
        children.append(subprocess.Popen(command, cwd=copy, stdout=subprocess.DEVNULL))
    assert [child.wait() for child in children] == [0, 0]
    return copy


@pytest.fixture
def in_chinese(tmp_path: Path) -> Iterator[None]:
    """The catalogues as they are written, not as somebody compiled them last week."""
    (tmp_path / MESSAGES).mkdir(parents=True)
    for domain in DOMAINS:
        catalogue(domain).save_as_mofile(str(tmp_path / MESSAGES / f"{domain}.mo"))
    with override_settings(LOCALE_PATHS=[tmp_path / "locale"]), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_of_the_sources_is_in_the_catalogue(domain: str, collected: Path) -> None:
    known = {key(entry) for entry in catalogue(domain)}

    said = {key(entry) for entry in catalogue(domain, collected)}

    assert sorted(map(str, said - known)) == [], "run `make messages` and translate"
    assert sorted(map(str, known - said)) == [], "nobody says this any more: `make messages`"


def test_no_string_of_the_browser_hides_in_a_template_literal() -> None:
    known = {entry.msgid for entry in catalogue("djangojs")}
    modules = [file for file in ROOT.glob("static/**/*.js") if "vendor" not in file.parts]

    said = [match for file in modules for match in SAID_IN_BROWSER.finditer(file.read_text())]

    assert [match.group() for match in said if match[2]] == [], "only plain strings in gettext()"
    assert {match[1] for match in said} - known == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_entry_is_translated(domain: str) -> None:
    entries = catalogue(domain)

    assert [key(entry) for entry in entries if entry.fuzzy or entry.obsolete] == []
    assert [key(entry) for entry in entries if not all(texts(entry))] == []
    assert [
        key(entry)
        for entry in entries
        if entry.msgid not in SAME_IN_CHINESE and not all(map(CHINESE.search, texts(entry)))
    ] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_has_one_form_for_every_number(domain: str) -> None:
    entries = catalogue(domain)

    assert entries.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [key(one) for one in entries if one.msgid_plural and len(one.msgstr_plural) != 1] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_translation_names_what_its_original_names(domain: str) -> None:
    def names(text: str) -> list[str]:
        return sorted(PLACEHOLDER.findall(text))

    differing = [
        (entry.msgid, text)
        for entry in catalogue(domain)
        for text in texts(entry)
        if names(text) != names(entry.msgid_plural or entry.msgid)
    ]

    assert differing == []


@pytest.mark.usefixtures("in_chinese")
def test_every_code_has_a_chinese_name() -> None:
    tables = [*dispatch.terms.tables().items(), *ehr_prehospital.terms.tables().items()]

    unnamed = {
        (table, code): label
        for table, labels in tables
        for code, label in labels.items()
        if (table, code) not in NOT_TRANSLATED and not CHINESE.search(label)
    }

    assert unnamed == {}


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize(
    ("heading", "labels"),
    [
        ("States of a mission", lambda: dispatch.terms.tables()["mission_state"]),
        ("States of a handover", lambda: ehr_prehospital.terms.tables()["handover_state"]),
    ],
)
def test_the_screen_says_what_the_glossary_says(
    heading: str, labels: Callable[[], dict[str, str]]
) -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text().replace("**", "")
    section = glossary.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| `(\w+)` \|", section, re.MULTILINE)

    assert {code: chinese for chinese, code in rows} == labels()


@pytest.mark.usefixtures("in_chinese")
def test_the_browser_is_given_the_chinese_words(rf: RequestFactory) -> None:
    written = {
        entry.msgid: texts(entry) if entry.msgid_plural else entry.msgstr
        for entry in catalogue("djangojs")
        if not entry.msgctxt
    }

    answer = JSONCatalog.as_view(domain="djangojs")(rf.get("/"))

    assert isinstance(answer, HttpResponse)
    given = json.loads(answer.content)["catalog"]
    assert {msgid: given.get(msgid) for msgid in written} == written
