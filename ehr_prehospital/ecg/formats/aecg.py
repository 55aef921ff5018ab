"""Annotated ECG of HL7 v3 (ANSI/HL7 V3 ECG, R1), as monitors and research exports write it."""

from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ehr_prehospital.ecg.rules import Found, Microvolts, UnreadableEcg, lead_named

NS = "{urn:hl7-org:v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
MICROVOLTS = {"uV": 1.0, "mV": 1000.0, "V": 1e6, "nV": 0.001}
SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6}


def read_aecg(raw: bytes) -> Found:
    """The sequence set with the most leads. Entities and document types are refused.

    Raises UnreadableEcg.
    """
    try:
        root = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableEcg("dangerous_xml") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableEcg("damaged") from error
    if root.tag != f"{NS}AnnotatedECG":
        raise UnreadableEcg("not_an_ecg")
    try:
        sets = [_sequences(one) for one in root.iter(f"{NS}sequenceSet")]
    except (ValueError, KeyError, AttributeError, ZeroDivisionError, OverflowError) as error:
        if isinstance(error, UnreadableEcg):
            raise
        raise UnreadableEcg("damaged") from error
    sets = [one for one in sets if one.leads]
    if not sets:
        raise UnreadableEcg("not_an_ecg")
    best = max(sets, key=lambda one: len(one.leads))
    return Found(best.leads, best.rate_hz, best.told_at or _effective(root))


def _sequences(of: Element) -> Found:
    leads: dict[str, Microvolts] = {}
    step_s, told_at = 0.0, None
    for sequence in of.iter(f"{NS}sequence"):
        code = _need(sequence.find(f"{NS}code")).get("code", "")
        value = _need(sequence.find(f"{NS}value"))
        if code.startswith("TIME_"):
            increment = _need(value.find(f"{NS}increment"))
            step_s = float(increment.attrib["value"]) * SECONDS[increment.attrib["unit"]]
            head = value.find(f"{NS}head")
            if code == "TIME_ABSOLUTE" and head is not None:
                told_at = _moment(head.get("value", ""))
        elif (lead := lead_named(code)) and lead not in leads:
            leads[lead] = _digits(value)
    if leads and step_s <= 0:
        raise UnreadableEcg("damaged")
    return Found(leads, 1 / step_s if leads else 1.0, told_at)


def _digits(value: Element) -> Microvolts:
    kind = value.get(TYPE, "SLIST_PQ").rpartition(":")[2]
    if kind != "SLIST_PQ":
        raise UnreadableEcg("damaged")
    digits = _need(value.find(f"{NS}digits")).text or ""
    steps = np.array(digits.split(), dtype=np.float64)
    if not np.isfinite(steps).all():
        raise UnreadableEcg("damaged")
    return steps * _physical(value, "scale", 1.0) + _physical(value, "origin", 0.0)


def _physical(value: Element, name: str, default: float) -> float:
    found = value.find(f"{NS}{name}")
    if found is None:
        if name == "scale":
            raise UnreadableEcg("damaged")
        return default
    factor = MICROVOLTS.get(found.attrib["unit"])
    if factor is None:
        raise UnreadableEcg("unknown_unit")
    return float(found.attrib["value"]) * factor


def _effective(root: Element) -> datetime | None:
    low = root.find(f"{NS}effectiveTime/{NS}low")
    found = low if low is not None else root.find(f"{NS}effectiveTime")
    return _moment(found.get("value", "")) if found is not None else None


def _moment(text: str) -> datetime | None:
    """HL7's time stamp, with or without an offset."""
    form = "%Y%m%d%H%M%S" + (".%f" if "." in text else "")
    if len(text) < 14:
        return None
    try:
        return datetime.strptime(text, form + ("%z" if "+" in text or "-" in text else ""))  # noqa: DTZ007
    except ValueError:
        return None


def _need(element: Element | None) -> Element:
    if element is None:
        raise UnreadableEcg("damaged")
    return element
