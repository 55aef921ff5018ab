"""What a vehicle says → the function that takes it."""

from dispatch.uplink.takers import Takers
from ehr_prehospital.ecg.actions import take_pieces
from ehr_prehospital.handover.actions import take_status
from ehr_prehospital.vitals.actions import take_telemetry
from ehr_prehospital.vitals.alarms.devices import take_devices
from ehr_prehospital.vitals.live import audience

TAKERS = Takers(
    telemetry=(take_telemetry, take_devices, take_pieces),
    status=take_status,
    beside=(audience.listen,),
)
