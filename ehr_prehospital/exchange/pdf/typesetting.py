"""A paper as PDF: typst with our own templates, our own fonts, and nothing of the machine's.

Words reach the templates as data, never as markup, so that nothing in them can be an
instruction. The same paper gives the same bytes.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from dispatch.journal.refusals import Refused
from ehr_prehospital.exchange.pdf.blocks import Paper

FOLDER = Path(__file__).parent
PACKAGE = "@expo-google-fonts/noto-sans-sc"
# The weights in use, a folder each.
WEIGHTS = ("400Regular", "700Bold")


class FontsMissing(Refused):
    """The set-up has not installed the fonts: without them names would be empty boxes."""

    code = "fonts_missing"


@cache
def fonts(folder: Path) -> typst.Fonts:
    """Read once; raises FontsMissing when the set-up has not run."""
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder / PACKAGE / weight) for weight in WEIGHTS],
    )
    if len(found.fonts()) != len(WEIGHTS):
        raise FontsMissing(_("The fonts of printed pages are not installed: run the set-up again."))
    return found


def pdf(paper: Paper, *, written_at: datetime) -> bytes:
    """A4, PDF 1.7. `written_at` stands as the document's date, to the second."""
    made = compiler().compile(
        format="pdf",
        sys_inputs={"paper": msgspec.json.encode(paper).decode()},
        timestamp=int(written_at.timestamp()),
    )
    return cast("bytes", made)  # a list comes back of pictures only


def pictures(paper: Paper, *, ppi: float = 110) -> list[bytes]:
    """The same pages as PNG, to look at."""
    inputs = {"paper": msgspec.json.encode(paper).decode()}
    made = compiler().compile(format="png", ppi=ppi, sys_inputs=inputs)
    return made if isinstance(made, list) else [cast("bytes", made)]


def compiler() -> typst.Compiler:
    return typst.Compiler(
        str(FOLDER / "paper.typ"),
        root=str(FOLDER),
        font_paths=fonts(settings.FONTS_DIR),
    )
