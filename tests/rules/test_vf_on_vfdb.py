"""The fibrillation detector on real records of the MIT-BIH Malignant Ventricular Ectopy Database.

The records are not part of this repository (ODC-By 1.0, PhysioNet `vfdb`). Name their folder in
VFDB to run this; `python manage.py measure_vf FOLDER` prints the whole table.
"""

import os
from pathlib import Path

import pytest

from ehr_prehospital.vitals.alarms.measure import Table, measure

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (os.environ.get("VFDB", ""), str(ROOT.parent / "shared" / "data" / "ecg-vfdb"))
FOLDER = next((Path(name) for name in FOLDERS if name and Path(name).is_dir()), None)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def table() -> Table:
    if FOLDER is None:
        pytest.skip("no VFDB records here: name their folder in the environment variable VFDB")
    return measure(FOLDER, step_s=9)


def test_four_of_five_fibrillating_windows_are_found(table: Table) -> None:
    assert table.windows["VF/VFL"] > 100
    assert table.share("vf", "VF/VFL") >= 0.80


def test_a_normal_rhythm_is_hardly_ever_called_fibrillation(table: Table) -> None:
    assert table.windows["normal"] > 500
    assert table.share("vf", "normal") <= 0.03
    assert table.share("vf", "other") <= 0.05
