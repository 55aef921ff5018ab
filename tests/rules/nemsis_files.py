"""The official NEMSIS documents beside this checkout, and what makes two of them the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from config.env import ROOT

STANDARDS = ROOT.parent / "shared" / "standards"
NEMSIS = STANDARDS / "nemsis"
needs_files = pytest.mark.skipif(
    not NEMSIS.is_dir(), reason="the official NEMSIS files are not beside this checkout"
)


def samples() -> Iterator[Path]:
    """Every valid document of the ambulance services' data set."""
    for folder in ("samples-ems", "samples-custom"):
        yield from sorted((NEMSIS / folder).glob("*.xml"))
    for folder in ("full", "national"):
        yield from sorted((NEMSIS / "compliance-2025" / folder).glob("*-EMS-*.xml"))
    yield from older_stories()


def stories() -> Iterator[Path]:
    """The pre-testing cases: whole patients."""
    yield from sorted((NEMSIS / "compliance-2025" / "full").glob("*-EMS-*.xml"))
    yield from older_stories()


def older_stories() -> Iterator[Path]:
    yield from sorted((NEMSIS / "compliance-2021-2024-v350").glob("20*-EMS-*.xml"))


def canonical(content: bytes) -> list[str]:
    """Canonical XML (C14N 1.0) without comments and the space between elements, a tag a line."""
    tidy = etree.XMLParser(remove_comments=True, remove_pis=True, remove_blank_text=True)
    root = etree.fromstring(content, tidy)
    for one in root.iter():
        if len(one) and one.text and not one.text.strip():
            one.text = None
        if one.tail and not one.tail.strip():
            one.tail = None
    text = etree.tostring(root, method="c14n").decode()
    return text.replace("><", ">\n<").split("\n")
