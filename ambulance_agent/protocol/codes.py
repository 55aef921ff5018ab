"""The closed vocabularies of the wire, and what each code means elsewhere.

MDC codes are IEEE 11073-10101, units are UCUM, clocks are NEMSIS 3.5 eTimes.
Labels for people are not here: codes are stored, labels are translated.
"""

from dataclasses import dataclass
from enum import StrEnum

PROTOCOL_VERSION = 2


class Unit(StrEnum):
    """UCUM, case sensitive."""

    PER_MINUTE = "/min"
    PERCENT = "%"
    MM_HG = "mm[Hg]"
    CELSIUS = "Cel"
    MMOL_PER_L = "mmol/L"


class VitalCode(StrEnum):
    HEART_RATE = "heart_rate"
    PULSE_RATE = "pulse_rate"
    SPO2 = "spo2"
    RESPIRATORY_RATE = "respiratory_rate"
    ETCO2 = "etco2"
    NIBP_SYSTOLIC = "nibp_systolic"
    NIBP_DIASTOLIC = "nibp_diastolic"
    NIBP_MEAN = "nibp_mean"
    TEMPERATURE = "temperature"
    GLUCOSE = "glucose"

    @property
    def spec(self) -> "VitalSpec":
        return VITALS[self]

    @property
    def unit(self) -> Unit:
        return VITALS[self].unit


@dataclass(frozen=True, slots=True)
class VitalSpec:
    """Outside low..high no living body and no working sensor produces a value."""

    mdc: int
    unit: Unit
    low: float
    high: float


VITALS = {
    VitalCode.HEART_RATE: VitalSpec(147842, Unit.PER_MINUTE, 0, 350),
    VitalCode.PULSE_RATE: VitalSpec(149530, Unit.PER_MINUTE, 0, 350),
    VitalCode.SPO2: VitalSpec(150456, Unit.PERCENT, 0, 100),
    VitalCode.RESPIRATORY_RATE: VitalSpec(151562, Unit.PER_MINUTE, 0, 150),
    VitalCode.ETCO2: VitalSpec(151708, Unit.MM_HG, 0, 150),
    VitalCode.NIBP_SYSTOLIC: VitalSpec(150021, Unit.MM_HG, 10, 320),
    VitalCode.NIBP_DIASTOLIC: VitalSpec(150022, Unit.MM_HG, 5, 250),
    VitalCode.NIBP_MEAN: VitalSpec(150023, Unit.MM_HG, 5, 280),
    VitalCode.TEMPERATURE: VitalSpec(150364, Unit.CELSIUS, 10, 45),
    VitalCode.GLUCOSE: VitalSpec(160184, Unit.MMOL_PER_L, 0, 60),
}


class Quality(StrEnum):
    GOOD = "good"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"


class Lead(StrEnum):
    ECG_I = "ecg_i"
    ECG_II = "ecg_ii"
    ECG_III = "ecg_iii"
    ECG_AVR = "ecg_avr"
    ECG_AVL = "ecg_avl"
    ECG_AVF = "ecg_avf"
    ECG_V1 = "ecg_v1"
    ECG_V2 = "ecg_v2"
    ECG_V3 = "ecg_v3"
    ECG_V4 = "ecg_v4"
    ECG_V5 = "ecg_v5"
    ECG_V6 = "ecg_v6"
    ECG_PADS = "ecg_pads"


class FileKind(StrEnum):
    """What a device wrote as a file of its own."""

    ECG12 = "ecg12"


class DeviceStateCode(StrEnum):
    ON = "on"
    OFF = "off"
    LEADS_OFF = "leads_off"
    PROBE_OFF = "probe_off"
    FAULT = "fault"
    LOW_BATTERY = "low_battery"


class Fact(StrEnum):
    """What a crew says happened. Recorded always, never refused."""

    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    AT_PATIENT = "at_patient"
    ON_BOARD = "on_board"
    LEFT_SCENE = "left_scene"
    AT_DESTINATION = "at_destination"
    HANDED_OVER = "handed_over"
    AVAILABLE = "available"
    DECLINED = "declined"
    NO_PATIENT = "no_patient"
    REFUSED = "refused"
    DEAD_ON_SCENE = "dead_on_scene"
    TREATED_AND_RELEASED = "treated_and_released"

    @property
    def nemsis(self) -> "NemsisElement | None":
        """None where NEMSIS has no clock of its own: `on_board` is ours."""
        return NEMSIS.get(self)


@dataclass(frozen=True, slots=True)
class NemsisElement:
    element: str
    name: str


NEMSIS = {
    Fact.ACKNOWLEDGED: NemsisElement("eTimes.04", "Dispatch Acknowledged Date/Time"),
    Fact.EN_ROUTE: NemsisElement("eTimes.05", "Unit En Route Date/Time"),
    Fact.ON_SCENE: NemsisElement("eTimes.06", "Unit Arrived on Scene Date/Time"),
    Fact.AT_PATIENT: NemsisElement("eTimes.07", "Arrived at Patient Date/Time"),
    Fact.LEFT_SCENE: NemsisElement("eTimes.09", "Unit Left Scene Date/Time"),
    Fact.AT_DESTINATION: NemsisElement("eTimes.11", "Patient Arrived at Destination Date/Time"),
    Fact.HANDED_OVER: NemsisElement("eTimes.12", "Destination Patient Transfer of Care Date/Time"),
    Fact.AVAILABLE: NemsisElement("eTimes.13", "Unit Back in Service Date/Time"),
    Fact.DECLINED: NemsisElement("eTimes.14", "Unit Canceled Date/Time"),
    Fact.NO_PATIENT: NemsisElement("eDisposition.27", "Unit Disposition"),
    Fact.REFUSED: NemsisElement("eDisposition.28", "Patient Evaluation/Care"),
    Fact.DEAD_ON_SCENE: NemsisElement("eDisposition.30", "Transport Disposition"),
    Fact.TREATED_AND_RELEASED: NemsisElement("eDisposition.30", "Transport Disposition"),
}


class MissionState(StrEnum):
    """Where a mission stands: assigned, the facts, and the dispatcher's two endings."""

    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    AT_PATIENT = "at_patient"
    ON_BOARD = "on_board"
    LEFT_SCENE = "left_scene"
    AT_DESTINATION = "at_destination"
    HANDED_OVER = "handed_over"
    AVAILABLE = "available"
    DECLINED = "declined"
    NO_PATIENT = "no_patient"
    REFUSED = "refused"
    DEAD_ON_SCENE = "dead_on_scene"
    TREATED_AND_RELEASED = "treated_and_released"
    CANCELLED = "cancelled"
    DIVERTED = "diverted"


class RefusalCode(StrEnum):
    """Why the centre closes the door. The agent retries all of them, slowly."""

    BAD_CREDENTIAL = "bad_credential"
    WRONG_VERSION = "wrong_version"
    MALFORMED = "malformed"
    REPLACED = "replaced"
    BUSY = "busy"
