"""What this vehicle's cameras record: on the disk first, then piece by piece to the centre.

`RecordSpool` keeps, `RecordSender` brings; a camera's driver begins a recording and writes to it.
"""

from ambulance_agent.recording.sender import RecordSender
from ambulance_agent.recording.spool import RecordSpool, SpooledRecording, SpoolFull

__all__ = ["RecordSender", "RecordSpool", "SpoolFull", "SpooledRecording"]
