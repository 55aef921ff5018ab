"""What stands on a wristband, in the active language, and its PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import cast

import msgspec
import typst
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext, ngettext

from dispatch.people.models import in_language
from ehr_prehospital.admission.label.symbols import bars, square
from ehr_prehospital.admission.queries import person_of, standing, worded
from ehr_prehospital.exchange.pdf.typesetting import fonts
from ehr_prehospital.handover.models import Handover
from ehr_prehospital.record.words import label

FOLDER = Path(__file__).parent
INFANT_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Wristband:
    """Everything in words. `number` is what the symbols carry; the same for the whole stay."""

    language: str
    number: str
    name: str
    unknown: str
    about: str
    patient_number: str
    visit: str
    visit_label: str
    allergy: str
    no_allergy: str
    blood: str
    hospital: str
    at: str
    qr: str
    bars: str

    @property
    def warns(self) -> bool:
        return bool(self.allergy)


def wristband(handover: Handover, *, today: date) -> Wristband:
    chinese = (get_language() or "en").startswith("zh")
    said = standing(handover)
    patient = handover.encounter.patient
    who = person_of(patient, said)
    named = patient.name or f"{who.family}{'' if chinese else ' '}{who.given}".strip()
    numbers = dict.fromkeys((who.number, who.own_number))
    sex = label("sex", patient.sex) if patient.sex != "unknown" else gettext("sex unknown")
    about = " · ".join(part for part in (str(sex), age(handover, today)) if part)
    allergens = [worded("allergen", one, chinese=chinese) for one in said.get("allergy", [])]
    return Wristband(
        language="zh" if chinese else "en",
        number=handover.preadmission_number,
        name=named or patient.temporary_number,
        unknown="" if named else gettext("unknown patient"),
        about=about,
        patient_number=" = ".join(numbers),
        visit=handover.visit_number or "–",
        visit_label=gettext("Visit number"),
        allergy=gettext("ALLERGY: %(what)s") % {"what": ", ".join(allergens)} if allergens else "",
        no_allergy=gettext("no allergy recorded"),
        blood=gettext("Blood type: %(type)s") % {"type": blood_type(said)},
        hospital=in_language(handover.hospital.name_en, handover.hospital.name_zh),
        at=f"{handover.sent_at.astimezone():%Y-%m-%d}",
        qr=square(handover.preadmission_number).svg,
        bars=bars(handover.preadmission_number).svg,
    )


def blood_type(said: dict[str, list[str]]) -> str:
    """What the record says; room to write where it says nothing."""
    found = next(iter(said.get("patient.blood_type", [])), "")
    return str(label("blood_type", found)) if found else "______"


def age(handover: Handover, today: date) -> str:
    patient = handover.encounter.patient
    born = patient.birth_date
    if born is None:
        years = patient.age_years
        return "" if years is None else years_old(years)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < INFANT_MONTHS:
        return ngettext("%(count)s month old", "%(count)s months old", months) % {"count": months}
    return f"{years_old(months // 12)} ({born:%Y-%m-%d})"


def years_old(years: int) -> str:
    return gettext("%(count)s years old") % {"count": years}


def pdf_of(handover: Handover, *, now: datetime) -> bytes:
    """One page of the size of the band, in the active language."""
    band = wristband(handover, today=localdate(now))
    compiler = typst.Compiler(
        str(FOLDER / "wristband.typ"), root=str(FOLDER), font_paths=fonts(settings.FONTS_DIR)
    )
    made = compiler.compile(
        format="pdf",
        sys_inputs={"band": msgspec.json.encode(band).decode()},
        timestamp=int(handover.sent_at.timestamp()),
    )
    return cast("bytes", made)
