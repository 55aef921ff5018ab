"""Every table of the clinical app, from its feature folders, lowest first."""

from ehr_prehospital.access.models import Encounter, Grant, Patient, PersonalGrant, Shown
from ehr_prehospital.alerting.models import AlertTiming, OnCall, PushSubscription
from ehr_prehospital.attachments.models import Attachment
from ehr_prehospital.consult.models import (
    Consult,
    ConsultMessage,
    ConsultParty,
    ConsultRequest,
    DeskPresence,
    Drawing,
    Order,
    OrderWord,
    PhysicianDuty,
)
from ehr_prehospital.controlled.models import ControlledMove
from ehr_prehospital.delivery.models import Delivery, DeliveryAttempt, Partner
from ehr_prehospital.ecg.models import Ecg, EcgOriginal, EcgPiece
from ehr_prehospital.exchange.fhir.server.models import FhirToken
from ehr_prehospital.exchange.fhir.subscriptions.models import FhirSubscription, SubscriptionEvent
from ehr_prehospital.exchange.nemsis.lists.models import OfficialCode, OfficialList
from ehr_prehospital.exchange.nemsis.models import ReportingAgency
from ehr_prehospital.handover.department.models import Bay, Department, Display
from ehr_prehospital.handover.door.models import HandoverSignature, Reception, TransferSheet
from ehr_prehospital.handover.models import Handover, HandoverLook, HandoverStep, Notice
from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.handover.outcome.models import AlertJudgement, Outcome
from ehr_prehospital.pathways.models import Pathway, PathwayTick, TeamActivation
from ehr_prehospital.record.models import PatientMerge, Record, RecordEntry, RecordVersion
from ehr_prehospital.recording.models import Clip, LegalHold, Recording, RecordingPiece
from ehr_prehospital.transfer.models import Transfer
from ehr_prehospital.video.models import Stream
from ehr_prehospital.vitals.alarms.models import Alarm, DeviceStatus
from ehr_prehospital.vitals.models import Reading, Wave

__all__ = [
    "Alarm",
    "AlertJudgement",
    "AlertTiming",
    "Attachment",
    "Bay",
    "Clip",
    "Consult",
    "ConsultMessage",
    "ConsultParty",
    "ConsultRequest",
    "ControlledMove",
    "Delivery",
    "DeliveryAttempt",
    "Department",
    "DeskPresence",
    "DeviceStatus",
    "Display",
    "Drawing",
    "Ecg",
    "EcgOriginal",
    "EcgPiece",
    "Encounter",
    "FhirSubscription",
    "FhirToken",
    "Grant",
    "Handover",
    "HandoverLook",
    "HandoverSignature",
    "HandoverStep",
    "LegalHold",
    "Notice",
    "OfficialCode",
    "OfficialList",
    "OnCall",
    "Order",
    "OrderWord",
    "Outcome",
    "Partner",
    "Pathway",
    "PathwayTick",
    "Patient",
    "PatientMerge",
    "PersonalGrant",
    "PhysicianDuty",
    "PreparedOrder",
    "PushSubscription",
    "Reading",
    "Reception",
    "Record",
    "RecordEntry",
    "RecordVersion",
    "Recording",
    "RecordingPiece",
    "ReportingAgency",
    "Shown",
    "Stream",
    "SubscriptionEvent",
    "TeamActivation",
    "Transfer",
    "TransferSheet",
    "Wave",
]
