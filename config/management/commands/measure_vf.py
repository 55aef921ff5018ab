"""python manage.py measure_vf FOLDER: how the fibrillation detector does on annotated records."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from ehr_prehospital.vitals.alarms.measure import RULES, measure

ORDER = ("VF/VFL", "VT", "normal", "other", "asystole", "noise")


class Command(BaseCommand):
    help = "Prints the share of windows that each rule flags, by the rhythm that experts saw."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="WFDB records: .hea, .dat, .atr")
        parser.add_argument("--step", type=float, default=1.0, help="seconds between windows")

    def handle(self, *_args: object, folder: Path, step: float, **_options: object) -> None:
        table = measure(folder, step_s=step)
        groups = [group for group in ORDER if table.windows[group]]
        self.stdout.write(
            "| rule | " + " | ".join(f"{g} {table.windows[g]}" for g in groups) + " |"
        )
        self.stdout.write("|---" * (len(groups) + 1) + "|")
        for rule in RULES:
            shares = " | ".join(f"{100 * table.share(rule, group):.1f} %" for group in groups)
            self.stdout.write(f"| {rule} | {shares} |")
        well = table.windows["normal"]
        self.stdout.write(
            f"VF: sensitivity {100 * table.share('vf', 'VF/VFL'):.1f} %, specificity in normal"
            f" rhythm {100 * (1 - table.share('vf', 'normal')):.1f} % of {well} windows"
        )
