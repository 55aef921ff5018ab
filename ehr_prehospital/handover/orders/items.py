"""An order as JSON: in the handover's item and in the answers of the API."""

from typing import Any

from ehr_prehospital.handover.orders.models import PreparedOrder
from ehr_prehospital.record.items import names, when


# Any: as JSON has it; the shape is OrderOut of views.py.
def order_item(row: PreparedOrder) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "kind": row.kind,
        "what": row.what,
        "stat": row.stat,
        "state": row.state,
        "prepared_at": when(row.prepared_at),
        "prepared_by": names(row.prepared_by),
        "released_at": when(row.released_at),
        "released_by": names(row.released_by),
        "withdrawn_at": when(row.withdrawn_at),
        "withdrawn_by": names(row.withdrawn_by),
    }
