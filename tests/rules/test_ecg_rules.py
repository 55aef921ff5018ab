"""A file becomes twelve leads of the right height, or says why not."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehr_prehospital.ecg.formats import format_of, read_ecg
from ehr_prehospital.ecg.rules import LEADS, MISSING, Ecg12, UnreadableEcg, lead_named, twelve
from ehr_prehospital.ecg.words import FAULTS, NOTES
from tests.ecg_files import as_aecg, as_dicom, as_wfdb, heart

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def leads_of(ecg: Ecg12) -> dict[str, NDArray[np.int64]]:
    table = np.frombuffer(ecg.samples, "<i2").reshape(12, ecg.count).astype(np.int64)
    return dict(zip(LEADS, table, strict=True))


def fault(raw: bytes) -> str:
    with pytest.raises(UnreadableEcg) as caught:
        twelve(read_ecg(raw))
    assert caught.value.code in FAULTS
    return caught.value.code


@pytest.mark.parametrize("write", [as_wfdb, as_aecg, as_dicom])
def test_every_format_gives_the_same_heights(write: object) -> None:
    leads = heart()
    ecg = twelve(read_ecg(write(leads)))  # type: ignore[operator]

    assert (ecg.rate_hz, ecg.count, ecg.notes) == (500, 5000, ())
    for lead, samples in leads_of(ecg).items():
        assert np.abs(samples - leads[lead]).max() <= 2, lead


def test_the_recorders_own_time_is_kept_as_it_was_said() -> None:
    said = datetime(2026, 11, 22, 14, 1, 40)  # noqa: DTZ001 - most recorders say no zone

    assert twelve(read_ecg(as_dicom(heart(), told_at=said))).told_at == said
    assert twelve(read_ecg(as_aecg(heart()))).told_at == said


def test_missing_limb_leads_are_calculated_and_said_so() -> None:
    whole = heart()
    eight = {lead: whole[lead] for lead in ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")}
    ecg = twelve(read_ecg(as_dicom(eight, step_uv=1)))

    assert ecg.notes == ("leads_derived",)
    for lead, samples in leads_of(ecg).items():
        assert np.abs(samples - whole[lead]).max() <= 1, lead


def test_gains_that_contradict_einthoven_are_not_believed() -> None:
    leads = heart()
    gains = [f"{100 + 37 * n}({n - 5})/mV" for n in range(12)]
    ecg = twelve(read_ecg(as_wfdb(leads, gains=gains)))

    assert ecg.notes == ("gains_contradict",)
    assert leads_of(ecg)["II"].max() == leads["II"].max()


def test_gains_that_agree_are_believed() -> None:
    leads = heart()
    ecg = twelve(read_ecg(as_wfdb(leads, gains=["500(0)/mV"] * 12)))

    assert ecg.notes == ()
    assert leads_of(ecg)["II"].max() == leads["II"].max() * 2


def test_an_electrodes_own_voltage_does_not_cut_the_wave() -> None:
    leads = heart()
    far = {lead: samples * 2 + 40_000 for lead, samples in leads.items()}
    ecg = twelve(read_ecg(as_aecg(far)))

    found = leads_of(ecg)["II"]
    assert abs(int(found.max() - found.min()) - 2 * int(np.ptp(leads["II"]))) < 6


def test_missing_samples_stay_missing() -> None:
    leads = heart()
    leads["V2"] = leads["V2"].copy()
    leads["V2"][100:200] = -32768
    ecg = twelve(read_ecg(as_wfdb(leads)))

    assert "samples_missing" in ecg.notes
    assert (leads_of(ecg)["V2"][100:200] == MISSING).all()


def test_heights_that_no_heart_has_are_doubted() -> None:
    flat = {lead: samples // 100 for lead, samples in heart().items()}

    assert twelve(read_ecg(as_wfdb(flat))).notes == ("amplitude_doubtful",)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "unknown_format"),
        (b"%PDF-1.7", "unknown_format"),
        (b"<html/>", "not_an_ecg"),
        (b"<broken", "damaged"),
        (as_aecg(heart(), head=BOMB), "dangerous_xml"),
        (as_aecg(heart(), head=OUTSIDE), "dangerous_xml"),
        (as_aecg(heart(), head="<!DOCTYPE x>"), "dangerous_xml"),
        (as_aecg(heart())[:9000], "damaged"),
        (as_aecg(heart()).replace(b'unit="uV"', b'unit="furlong"'), "unknown_unit"),
        (as_aecg(heart()).replace(b"<digits>", b"<digits>x "), "damaged"),
        (as_aecg(heart()).replace(b'unit="s"', b'unit="moon"'), "damaged"),
        (as_aecg({"II": heart()["II"]}), "too_few_leads"),
        (as_aecg(heart(0.5)), "too_short"),
        (as_aecg(heart(1.5), rate_hz=100_000), "rate_out_of_bounds"),
        (as_wfdb(heart(130, rate_hz=100), rate_hz=100), "too_long"),
        (as_dicom(heart())[:3000], "damaged"),
        (b"\0" * 128 + b"DICM" + b"\xff" * 500, "damaged"),
        (as_wfdb(heart())[:3000], "damaged"),
        (as_wfdb({"ECG": heart()["II"]}), "too_few_leads"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, code: str) -> None:
    assert fault(raw) in {code, "not_an_ecg"} if code == "damaged" else fault(raw) == code


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_zip_is_bounded_by_what_comes_out_of_it() -> None:
    assert fault(zipped(**{"rest.hea": bytes(40_000_000)})) == "too_large"
    assert fault(zipped(**{f"{n}.dat": b"x" for n in range(40)})) == "too_large"
    assert fault(zipped(**{"rest.dat": b"x"})) == "not_an_ecg"
    assert fault(zipped(**{"rest.hea": b"rest 1 500 10\n../../etc/passwd 16 1 II\n"})) == "damaged"


@pytest.mark.parametrize("write", [as_wfdb, as_aecg, as_dicom])
def test_one_wrong_byte_is_read_or_refused_and_never_raises(write: object) -> None:
    raw = write(heart(2))  # type: ignore[operator]
    for place in range(0, len(raw), max(1, len(raw) // 150)):
        damaged = raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :]
        for bytes_ in (damaged, raw[:place]):
            with suppress(UnreadableEcg):
                assert len(twelve(read_ecg(bytes_)).samples) > 0


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("MDC_ECG_LEAD_AVR", "aVR"), ("Lead aVL", "aVL"), ("avf", "aVF"), ("v6", "V6"),
        ("Lead II (Einthoven)", "II"), ("V7", None), ("MCL1", None), ("", None),
    ],
)  # fmt: skip
def test_a_lead_is_named_or_not_known(text: str, lead: str | None) -> None:
    assert lead_named(text) == lead


def test_a_format_is_told_by_its_bytes() -> None:
    written = (as_dicom(heart(2)), as_aecg(heart(2)), as_wfdb(heart(2)))

    assert [format_of(raw) for raw in written] == ["dicom", "aecg", "wfdb"]


# --- public files ---------------------------------------------------------------


def public(folder: Path, name: str) -> bytes:
    if not folder.exists():
        pytest.skip(f"{folder.name} is not beside this repository")
    return zipped(
        **{f.name: f.read_bytes() for f in (folder / f"{name}.hea", folder / f"{name}.dat")}
    )


@pytest.mark.parametrize("name", ["1", "101", "103"])
def test_the_gains_of_a_public_database_are_seen_through(name: str) -> None:
    ecg = twelve(read_ecg(public(SHARED / "ecg-ludb" / "data", name)))
    leads = leads_of(ecg)

    assert "gains_contradict" in ecg.notes
    assert np.abs(leads["I"] + leads["III"] - leads["II"]).max() <= 2
    # As the header has it every lead would span one millivolt.
    assert {int(np.ptp(leads[lead])) for lead in LEADS} != {1000}


@pytest.mark.parametrize("name", ["00002_hr", "00008_hr"])
def test_public_ecgs_of_a_hospital_are_read(name: str) -> None:
    ecg = twelve(read_ecg(public(SHARED / "ecg-ptbxl-500hz" / "records", name)))

    assert (ecg.rate_hz, ecg.count) == (500, 5000)
    assert set(ecg.notes) <= {"checksum_wrong"}


def test_every_note_and_fault_has_words() -> None:
    assert all(str(text) for text in (*FAULTS.values(), *NOTES.values()))
