"""What a viewer is sent, and what a newcomer: pure, frame by frame."""

from __future__ import annotations

from ambulance_agent.protocol.media import Flag, Kind, MediaFrame, pack, unpack
from ehr_prehospital.video.credit import Credit, Picture
from ehr_prehospital.video.latest import MOST_FRAMES, Latest


def frame(seq: int, flags: Flag = Flag.NONE, kind: Kind = Kind.CHUNK) -> MediaFrame:
    return unpack(pack(kind, seq, 0.0, flags, b"x"))


def test_a_viewer_who_keeps_up_gets_every_picture() -> None:
    credit = Credit()

    for seq in range(100):
        assert credit.admits(frame(seq), now=seq * 0.04, has_low=False)
        assert credit.got(seq, now=seq * 0.04 + 0.03) is False

    assert credit.left_out == 0


def test_a_viewer_who_falls_behind_is_skipped_to_a_key_picture_once_they_caught_up() -> None:
    credit = Credit()
    for seq in range(16):  # 0.6 s without a word from the viewer
        assert credit.admits(frame(seq), now=seq * 0.04, has_low=False)

    assert not credit.admits(frame(16), now=0.64, has_low=False)
    assert not credit.admits(frame(17, Flag.KEY), now=0.68, has_low=False)  # still behind
    assert credit.got(15, now=0.7) is True  # caught up: ask the camera for a key picture
    assert not credit.admits(frame(18), now=0.72, has_low=False)
    assert credit.admits(frame(19, Flag.KEY), now=0.76, has_low=False)
    assert credit.admits(frame(20), now=0.8, has_low=False)
    assert credit.got(20, now=0.81) is False


def test_a_viewer_who_reads_nothing_has_two_megabytes_on_the_way_and_no_more() -> None:
    credit, large = Credit(), unpack(pack(Kind.CHUNK, 1, 0.0, Flag.KEY, bytes(65_536)))

    sent = sum(credit.admits(large, now=0.0, has_low=False) for _ in range(1000))

    assert sent == 33


def test_a_picture_in_pieces_goes_as_a_whole_or_not_at_all() -> None:
    credit = Credit()
    credit.admits(frame(1, Flag.KEY | Flag.MORE), now=0.0, has_low=False)

    assert credit.admits(frame(1, Flag.KEY), now=5.0, has_low=False)  # began in time
    assert not credit.admits(frame(2, Flag.MORE), now=5.0, has_low=False)
    credit.got(1, now=5.1)
    assert not credit.admits(frame(2), now=5.2, has_low=False)


def test_a_tile_gets_the_small_picture_where_there_is_one() -> None:
    credit = Credit()
    credit.want(Picture.LOW)

    assert credit.admits(frame(1, Flag.KEY), now=0.0, has_low=False)
    assert not credit.admits(frame(2, Flag.KEY), now=0.0, has_low=True)
    assert credit.admits(frame(2, Flag.KEY | Flag.LOW), now=0.0, has_low=True)
    assert credit.admits(frame(3, Flag.KEY, Kind.STILL), now=0.0, has_low=True)
    assert not credit.admits(frame(0, kind=Kind.SOUND), now=0.0, has_low=True)
    credit.want(Picture.NONE)
    assert not credit.admits(frame(4, Flag.KEY | Flag.LOW), now=0.0, has_low=True)


def keep(latest: Latest, *frames: MediaFrame) -> None:
    for one in frames:
        if latest.takes(one):
            latest.keep(one, pack(one.kind, one.seq, 0.0, one.flags, one.payload))


def seqs(latest: Latest, picture: Picture = Picture.FULL) -> list[int]:
    return [unpack(raw).seq for raw in latest.opening(picture)]


def test_a_newcomer_gets_the_opening_and_all_since_the_newest_key_picture() -> None:
    latest = Latest()

    keep(latest, frame(0, Flag.KEY, Kind.INIT), frame(1), frame(2, Flag.KEY), frame(3))
    keep(latest, frame(4, Flag.KEY | Flag.MORE), frame(4, Flag.KEY), frame(5))

    assert seqs(latest) == [0, 4, 4, 5]
    assert seqs(latest, Picture.NONE) == []
    latest.begin_anew()
    assert seqs(latest) == []


def test_pictures_out_of_order_or_for_the_second_time_are_not_taken() -> None:
    latest = Latest()
    keep(latest, frame(5, Flag.KEY))

    assert not latest.takes(frame(5, Flag.KEY))
    assert not latest.takes(frame(4))
    assert latest.takes(frame(5, Flag.KEY | Flag.LOW))  # the small one of the same moment
    assert latest.takes(frame(9))


def test_a_still_stands_for_the_stream_until_pictures_move_again() -> None:
    latest = Latest()

    keep(latest, frame(1, Flag.KEY), frame(2, Flag.KEY, Kind.STILL), frame(3, Flag.KEY, Kind.STILL))
    assert seqs(latest) == [3]
    keep(latest, frame(4, Flag.KEY))
    assert seqs(latest) == [4]


def test_a_camera_without_key_pictures_fills_no_memory() -> None:
    latest = Latest()

    keep(latest, frame(1, Flag.KEY), *(frame(seq) for seq in range(2, MOST_FRAMES + 10)))

    assert len(seqs(latest)) < 10
