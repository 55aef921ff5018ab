"""The boards: who may open one, and what stands on it."""

from dataclasses import replace

from dispatch.live import projections as show
from dispatch.live.board import Board, Shelf
from dispatch.people.models import Role
from ehr_prehospital.consult import boards as consult
from ehr_prehospital.ecg.queries import ecgs_of_handovers
from ehr_prehospital.handover import alarms
from ehr_prehospital.handover import boards as care
from ehr_prehospital.handover import pathway_boards as ways
from ehr_prehospital.handover.door import boards as door
from ehr_prehospital.transfer import boards as transfer

HANDOVERS = Shelf(
    "handovers",
    "handover",
    care.handovers,
    {
        "incident": care.handovers_of_incidents,
        "mission": care.handovers_of_missions,
        "pathway": care.handovers_of_pathways,
        "delivery": care.handovers_of_deliveries,
    },
    alike=care.of_one_house,
    own=care.looked_at,
)
PATHWAYS = Shelf(
    "pathways",
    "pathway",
    ways.pathways,
    {
        "incident": ways.pathways_of_incidents,
        "mission": ways.pathways_of_missions,
        "handover": ways.pathways_of_handovers,
    },
    alike=care.of_one_house,
)
HOSPITALS = Shelf(
    "hospitals", "hospital", show.hospitals, for_everybody=True, alike=lambda _anybody: "all"
)

DOORS = Shelf(
    "doors",
    "handover",
    door.doors,
    {
        "mission": door.doors_of_missions,
        "incident": door.doors_of_incidents,
    },
    alike=care.of_one_house,
)
# A hospital that sends a patient on has no sight of the drive, and follows it.
TRANSFERS = Shelf(
    "transfers",
    "transfer",
    transfer.transfers,
    # Whatever a mission does names its incident, too.
    {"incident": transfer.transfers_of_incidents},
    for_everybody=True,
)
INBOUND = (
    Shelf("missions", "mission", care.inbound_missions, alike=care.of_one_house),
    Shelf("units", "unit", care.inbound_units, alike=care.of_one_house),
    Shelf("incidents", "incident", care.inbound_incidents, alike=care.of_one_house),
)

# What a hospital or a called physician sees of a patient.
BEDSIDE = (
    Shelf(
        "patients",
        "patient",
        care.patients,
        {"sight": consult.patients_of_sights},
        alike=care.of_one_house,
        own=care.logged,
    ),
    Shelf(
        "entries",
        "entry",
        care.entries,
        {"sight": consult.entries_of_sights},
        alike=care.of_one_house,
    ),
    Shelf(
        "alarms",
        "alarm",
        alarms.at_bedside,
        {"mission": alarms.alarms_of_missions, "sight": consult.alarms_of_sights},
        alike=care.of_one_house,
    ),
    Shelf(
        "ecgs",
        "ecg",
        care.ecgs,
        {"handover": ecgs_of_handovers, "sight": consult.ecgs_of_sights},
        alike=care.of_one_house,
    ),
)

# What the control room does and waits for. Looks at patients are for those who review
# them, and what is written in a record for those who may open it.
JOURNAL_OF = (
    "call",
    "incident",
    "recommendation",
    "mission",
    "unit",
    "crew",
    "city",
    "road",
    "zone",
    "move_up",
    "hospital",
    "handover",
    "consult",
    "on_call",
    "transfer",
    "pathway",
    "team",
)
JOURNAL_REFS = ("call", "incident", "mission", "unit", "hospital", "handover", "zone")

CONSOLE = Board(
    name="console",
    roles=frozenset({Role.DISPATCHER, Role.SUPERVISOR}),
    shelves=(
        Shelf("calls", "call", show.calls, {"incident": show.calls_of_incidents}),
        Shelf("incidents", "incident", show.incidents, {"zone": show.incidents_of_zones}),
        Shelf("units", "unit", show.units),
        Shelf("missions", "mission", show.missions, {"incident": show.missions_of_incidents}),
        HOSPITALS,
        Shelf("closures", "closure", show.closures),
        Shelf("zones", "zone", show.zones),
        Shelf("move_ups", "move_up", show.move_ups),
        Shelf("crew_alarms", "crew_alarm", show.crew_alarms),
        DOORS,
        TRANSFERS,
        HANDOVERS,
        PATHWAYS,
        Shelf("alarms", "alarm", alarms.unanswered, {"incident": alarms.alarms_of_incidents}),
        Shelf("consults", "consult", consult.consults),
    ),
    tail=show.journal_tail(of=JOURNAL_OF, refs=JOURNAL_REFS),
)

TABLET = Board(
    name="tablet",
    roles=frozenset({Role.PARAMEDIC}),
    shelves=(
        Shelf("units", "unit", show.own_unit),
        Shelf("missions", "mission", show.own_missions),
        Shelf("incidents", "incident", show.own_incidents, {"zone": show.incidents_of_zones}),
        Shelf("crew_alarms", "crew_alarm", show.crew_alarms),
        Shelf("crew_checks", "mission", show.crew_checks),
        HOSPITALS,
        DOORS,
        HANDOVERS,
        PATHWAYS,
        Shelf("patients", "patient", care.patients, own=care.logged),
        Shelf("entries", "entry", care.entries),
        Shelf("alarms", "alarm", alarms.at_bedside, {"mission": alarms.alarms_of_missions}),
        Shelf("ecgs", "ecg", care.ecgs, {"handover": ecgs_of_handovers}),
        Shelf("consults", "consult", consult.consults),
        Shelf("orders", "order", consult.orders),
        Shelf("messages", "message", consult.messages),
    ),
)

ED = Board(
    name="ed",
    roles=frozenset({Role.ED_STAFF}),
    shelves=(
        DOORS,
        Shelf("departments", "hospital", door.departments, alike=care.of_one_house),
        TRANSFERS,
        HANDOVERS,
        PATHWAYS,
        *INBOUND,
        HOSPITALS,
        *BEDSIDE,
        Shelf("consults", "consult", consult.consults),
    ),
    concerning=care.rows_of_hospital,
)

# The desk of a consult: what waits, who rings, and the missions that called this person.
CONSULT = Board(
    name="consult",
    roles=frozenset({Role.REMOTE_PHYSICIAN, Role.ED_STAFF}),
    shelves=(
        Shelf("consults", "consult", consult.consults),
        Shelf("orders", "order", consult.orders, {"sight": consult.orders_of_sights}),
        Shelf("messages", "message", consult.messages, {"sight": consult.messages_of_sights}),
        *INBOUND,
        HOSPITALS,
        replace(HANDOVERS, through={**HANDOVERS.through, "sight": consult.handovers_of_sights}),
        *BEDSIDE,
    ),
)

BOARDS = {board.name: board for board in (CONSOLE, TABLET, ED, CONSULT)}
