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
        from ehr_prehospital.handover.actions import on_mission_fact  # noqa: PLC0415
        from ehr_prehospital.handover.needs import needs_found  # noqa: PLC0415
        from ehr_prehospital.transfer.actions import (  # noqa: PLC0415
            on_mission_fact as name_known_patient,
        )

        follow(on_mission_fact)
        follow(name_known_patient)
        know(needs_found)
