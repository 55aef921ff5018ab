"""The clinical app. It follows the missions from the moment the process starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EhrPrehospitalConfig(AppConfig):
    name = "ehr_prehospital"
    verbose_name = _("Pre-hospital record")

    def ready(self) -> None:
        # Models exist only now.
        from dispatch.decision.needs import know  # noqa: PLC0415
        from dispatch.fleet.followers import follow  # noqa: PLC0415
        from ehr_prehospital.admission import actions as admission  # noqa: PLC0415
        from ehr_prehospital.delivery.actions import listen  # noqa: PLC0415
        from ehr_prehospital.handover import followers as handovers  # noqa: PLC0415
        from ehr_prehospital.handover.actions import on_mission_fact  # noqa: PLC0415
        from ehr_prehospital.handover.needs import needs_found  # noqa: PLC0415
        from ehr_prehospital.handover.orders import actions as orders  # noqa: PLC0415
        from ehr_prehospital.handover.orders import followers as ordered  # noqa: PLC0415
        from ehr_prehospital.record import followers as records  # noqa: PLC0415
        from ehr_prehospital.transfer.actions import (  # noqa: PLC0415
            on_mission_fact as name_known_patient,
        )

        follow(on_mission_fact)
        # After the handover's own follower, which opens it.
        follow(admission.on_mission_fact)
        follow(name_known_patient)
        # Orders first: they are cancelled before the visit that they belong to.
        handovers.follow(orders.on_handover)
        handovers.follow(admission.on_handover)
        records.follow(admission.on_record)
        ordered.follow(admission.on_order)
        listen(admission.on_answer)
        know(needs_found)
