"""Which agency reports a mission."""

from dispatch.fleet.models import Mission
from ehr_prehospital.exchange.nemsis.agency import Agency
from ehr_prehospital.exchange.nemsis.models import ReportingAgency


def agency_of(mission: Mission) -> Agency | None:
    """The vehicle's station before the centre; None where neither has been registered."""
    station, centre = mission.ambulance.station_id, mission.incident.centre_id
    known = ReportingAgency.objects.in_bulk([station, centre])
    row = known.get(station) or known.get(centre)
    return Agency(row.state_id, row.number, row.state, row.custom.encode()) if row else None
