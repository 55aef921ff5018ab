"""What `make chaos-uplink` would say of a database that lost something."""

import pytest

from ambulance_agent.protocol import Frame
from config.frames import TAKERS
from dispatch.fleet.models import Ambulance, Mission
from dispatch.uplink.actions import store
from ehr_prehospital.vitals.models import Reading, Wave
from tests.actions.care import later
from tests.actions.test_uplink_store import arrived
from tests.benchmarks.chaos.judge import Verdict, judged
from tests.benchmarks.chaos.truth import Truth


@pytest.mark.django_db(transaction=True)
def test_a_lost_a_changed_and_a_doubled_row_are_seen(mission: Mission, a1: Ambulance) -> None:
    frames = [arrived(a1, number, at=later(number)) for number in range(4)]
    truth = Truth()
    for one in frames[:3]:
        assert isinstance(one.frame, Frame)
        truth.kept[one.epoch, one.sequence] = one.frame.body

    def judgement() -> Verdict:
        return judged({a1.pk: truth})

    store(frames[:2], takers=TAKERS, now=later(4))
    missing = judgement()
    store([frames[2]], takers=TAKERS, now=later(5))
    whole = judgement()
    Reading.objects.filter(sequence=0, index=0).delete()
    Wave.objects.filter(sequence=1).update(samples=b"\x00\x00")
    doubled = Wave.objects.get(sequence=2)
    doubled.pk = None
    doubled.save()
    store([frames[3]], takers=TAKERS, now=later(6))
    broken = judgement()

    assert missing.lost == 1 + 2 + 1  # the frame, its numbers, its wave
    assert (whole.lost, +whole.duplicated) == (0, {})
    assert broken.produced - broken.stored == {"readings": 1, "waves": 1}
    assert +broken.duplicated == {"frames": 1, "readings": 2, "waves": 2}
