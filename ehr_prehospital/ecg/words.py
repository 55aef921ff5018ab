"""Why an ECG cannot be read, and what its reader must know, in both languages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: Mapping[str, Promise] = {
    "unknown_format": _("not a DICOM, annotated ECG (XML) or zipped WFDB file"),
    "damaged": _("the file is damaged or incomplete"),
    "not_an_ecg": _("the file holds no ECG"),
    "too_few_leads": _("leads I, II and V1 to V6 are not all in the file"),
    "too_short": _("less than one second was recorded"),
    "too_long": _("more than two minutes were recorded"),
    "too_large": _("the unpacked file is too large"),
    "rate_out_of_bounds": _("the sampling rate is not that of an ECG"),
    "unknown_unit": _("the unit of the amplitudes is not known"),
    "dangerous_xml": _("the XML defines entities or a document type and is not opened"),
    "unforeseen": _("it could not be read for an unforeseen reason"),
}
NOTES: Mapping[str, Promise] = {
    "gains_contradict": _(
        "The gains in the file contradict each other. Amplitudes assume 1 µV a step: do not"
        " measure ST by them."
    ),
    "leads_derived": _("Limb leads that the file lacks were calculated from I and II."),
    "samples_missing": _("Parts were not recorded; they are left blank."),
    "amplitude_doubtful": _("The amplitudes are not those of a heart; check the recorder."),
    "checksum_wrong": _("A check sum of the file is wrong: it may have been changed."),
    "not_calibrated": _("The file does not say its amplification; 200 steps a millivolt assumed."),
}
STATES: Mapping[str, Promise] = {
    "waiting": _("waiting"),
    "read": _("readable"),
    "unreadable": _("not readable"),
}
# Names of standards: the same in every language.
FORMATS: Mapping[str, str] = {"dicom": "DICOM", "aecg": "HL7 aECG", "wfdb": "WFDB"}
