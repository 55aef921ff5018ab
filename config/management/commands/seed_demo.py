"""python manage.py seed_demo: people, shifts and vehicles for the imported city."""

import os
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config import settings as ours
from dispatch.fleet.actions import issue_token
from dispatch.fleet.models import Ambulance, Shift
from dispatch.people.models import Organisation, Role, User
from dispatch.people.queries import the_centre
from ehr_prehospital.alerting.models import OnCall
from ehr_prehospital.consult.models import PhysicianDuty
from ehr_prehospital.consult.words import SPECIALTIES
from ehr_prehospital.delivery.models import Partner

# The tablet of this unit is for the visitor; all other crews are simulated.
OWN_UNIT = "A01"
SHIFT = timedelta(hours=12)
# A demonstration must not run out of crews: shifts are made this far ahead.
AHEAD = timedelta(days=2)

PEOPLE = (
    ("li", "Li Na", "李娜", Role.DISPATCHER),
    ("zhao", "Zhao Min", "赵敏", Role.SUPERVISOR),
    ("wang", "Wang Lei", "王磊", Role.PARAMEDIC),
    ("zhou", "Zhou Jie", "周杰", Role.PARAMEDIC),
    ("chen", "Chen Jing", "陈静", Role.ED_STAFF),
    ("sun", "Sun Yang", "孙阳", Role.REMOTE_PHYSICIAN),
    ("he", "He Ping", "何平", Role.QUALITY_REVIEWER),
    ("admin", "Administrator", "管理员", Role.ADMINISTRATOR),
)
# One process drives them all; a large real city has more than it can.
MOST_SIMULATED = 40

FAMILY = (
    ("Zhang", "张"), ("Liu", "刘"), ("Yang", "杨"), ("Huang", "黄"), ("Wu", "吴"), ("Xu", "徐"),
    ("Hu", "胡"), ("Zhu", "朱"), ("Gao", "高"), ("Lin", "林"), ("Guo", "郭"), ("Ma", "马"),
)  # fmt: skip
GIVEN = (
    ("Wei", "伟"), ("Fang", "芳"), ("Qiang", "强"), ("Xia", "霞"), ("Tao", "涛"), ("Ling", "玲"),
    ("Bo", "波"), ("Yan", "燕"), ("Hui", "辉"), ("Dan", "丹"), ("Feng", "峰"),
)  # fmt: skip


class Command(BaseCommand):
    help = "Creates the demonstration's accounts, shifts and vehicle settings. Repeatable."

    def handle(self, *_args: object, **_options: object) -> None:
        centre = the_centre()
        hospitals = Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL, active=True)
        if centre is None or not hospitals:
            raise CommandError("Import a city first: python manage.py import_city FILE.osm.pbf")
        now = timezone.now()
        with transaction.atomic():
            passwords = people(centre, list(hospitals.order_by("code")))
            crews(now)
            physicians(centre, now)
            on_call(centre, now)
        if passwords:
            keep_accounts(settings.STATE_DIR / "accounts.txt", passwords)
        left_out = vehicles(settings.STATE_DIR / "fleet")
        if left_out:
            self.stdout.write(
                f"{MOST_SIMULATED} ambulances are simulated, as many at each station as can be;"
                f" {left_out} more stand still and are not recommended."
            )


def people(centre: Organisation, hospitals: list[Organisation]) -> dict[str, tuple[str, str]]:
    """Make the accounts that are missing; return the new passwords with what each is for."""
    station = Ambulance.objects.select_related("station").get(call_sign=OWN_UNIT).station
    home = {Role.PARAMEDIC: station, Role.ED_STAFF: hospitals[0]}
    wanted = [(*row, home.get(row[3], centre)) for row in PEOPLE]
    wanted += [
        (
            f"nurse-{hospital.code.lower()}",
            f"Nurse {index + 1}",
            f"护士{index + 1}",
            Role.ED_STAFF,
            hospital,
        )
        for index, hospital in enumerate(hospitals[1:], start=1)
    ]
    made: dict[str, tuple[str, str]] = {}
    for username, name_en, name_zh, role, organisation in wanted:
        user, fresh = User.objects.get_or_create(
            username=username,
            defaults={
                "name_en": name_en,
                "name_zh": name_zh,
                "role": role,
                "organisation": organisation,
                "is_staff": role == Role.ADMINISTRATOR,
                "is_superuser": role == Role.ADMINISTRATOR,
            },
        )
        if user.organisation_id != organisation.pk:
            user.organisation = organisation
            user.save(update_fields=["organisation"])
        if fresh:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save(update_fields=["password"])
            made[username] = (password, f"{role.label}, {organisation.name_en}")
    return made


# One channel each; a demonstration sends nothing, it writes files (/alerts/ shows them).
CHANNELS = (
    ("alert.sms", "SMS"),
    ("alert.voice", "Voice"),
    ("alert.pager", "Pager"),
    ("alert.email", "E-mail"),
    ("alert.web_push", "Web push"),
)


def on_call(centre: Organisation, now: datetime) -> None:
    """A named person of each hospital on its list, and the channels to them."""
    for kind, name in CHANNELS:
        Partner.objects.get_or_create(
            centre=centre,
            name=f"{name} (demonstration)",
            defaults={
                "kind": kind,
                "address": "mailto:onboard@demonstration.invalid"
                if kind == "alert.web_push"
                else "https://demonstration.invalid/",
                "options": {} if kind == "alert.web_push" else {"outbox": "yes"},
                "registered_at": now,
            },
        )
    staff = User.objects.filter(role=Role.ED_STAFF, organisation__kind=Organisation.Kind.HOSPITAL)
    for index, user in enumerate(staff.order_by("username"), start=1):
        hospital = user.organisation
        if hospital is None or OnCall.objects.filter(hospital=hospital, ends_at=None).exists():
            continue
        doctor, fresh = User.objects.get_or_create(
            username=f"doctor-{hospital.code.lower()}",
            defaults={
                "name_en": f"Doctor {index}",
                "name_zh": f"医生{index}",
                "role": Role.ED_STAFF,
                "organisation": hospital,
            },
        )
        if fresh:
            doctor.set_unusable_password()
            doctor.save(update_fields=["password"])
        for rank, person in enumerate((user, doctor), start=1):
            OnCall.objects.create(
                hospital=hospital,
                person=person,
                rank=rank,
                phone=f"+86-100-{index:02d}{rank}",
                email=f"{person.username}@demonstration.invalid",
                pager=f"{index:02d}{rank}",
                starts_at=now,
            )


def crews(now: datetime) -> None:
    """Two people on every ambulance, from now for two days."""
    units = Ambulance.objects.filter(in_service=True).order_by("call_sign")
    for index, unit in enumerate(units):
        if Shift.objects.filter(ambulance=unit, ends_at__gt=now + SHIFT).exists():
            continue
        own = unit.call_sign == OWN_UNIT
        for seat, offset in ((Shift.Seat.LEAD, 0), (Shift.Seat.DRIVER, 1)):
            username = ("wang", "zhou")[offset] if own else f"{unit.call_sign.lower()}-{seat}"
            user = User.objects.filter(username=username).first() or crew_member(
                username, 2 * index + offset, unit
            )
            last = Shift.objects.filter(user=user).order_by("-ends_at").first()
            Shift.objects.create(
                user=user,
                ambulance=unit,
                seat=seat,
                starts_at=max(now - timedelta(minutes=5), last.ends_at)
                if last
                else now - timedelta(minutes=5),
                ends_at=now + AHEAD,
            )


def physicians(centre: Organisation, now: datetime) -> None:
    """The remote physicians are on call for everything, from now for two days."""
    doctors = User.objects.filter(role=Role.REMOTE_PHYSICIAN, organisation=centre)
    for rank, user in enumerate(doctors.order_by("username"), start=1):
        if not PhysicianDuty.objects.filter(user=user, ends_at__gt=now + SHIFT).exists():
            PhysicianDuty.objects.create(
                user=user,
                centre=centre,
                specialties=sorted(SPECIALTIES),
                rank=rank,
                starts_at=now - timedelta(minutes=5),
                ends_at=now + AHEAD,
            )


def crew_member(username: str, index: int, unit: Ambulance) -> User:
    """A simulated colleague, who cannot sign in."""
    family, given = FAMILY[index % len(FAMILY)], GIVEN[index % len(GIVEN)]
    user = User(
        username=username,
        name_en=f"{family[0]} {given[0]}",
        name_zh=f"{family[1]}{given[1]}",
        role=Role.PARAMEDIC,
        organisation=unit.station,
    )
    user.set_unusable_password()
    user.save()
    return user


def keep_accounts(path: Path, passwords: dict[str, tuple[str, str]]) -> None:
    """Append the new accounts to a file that only its owner can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as file:
        for username, (password, purpose) in passwords.items():
            file.write(f"{username:<12} {password:<14} {purpose}\n")


_UPLINK = re.compile(r'^url = "ws://.*"$', re.MULTILINE)
_HUB = re.compile(r'^hub = "ws://.*"$', re.MULTILINE)


# Drawn pictures with number and clock: small and few, for forty vehicles share two cores.
CABIN = """[drivers.camera.cabin]
test = "picture"
role = "cabin"
label = "demo"
recording = "off"
width = 320
fps = 6
"""
CAMERAS = f"""{CABIN}
[drivers.camera.road]
test = "picture"
role = "road"
label = "demo"
recording = "off"
width = 320
fps = 6
"""


def vehicles(folder: Path) -> int:
    """One settings file per simulated ambulance, with a token of its own; kept while it fits.

    Return how many ambulances are left without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    uplink = f"ws://127.0.0.1:{ours.ENVIRONMENT.uplink_port}/uplink/"
    hub = f"ws://127.0.0.1:{ours.ENVIRONMENT.media_port}"
    wanted = set()
    units = list(
        Ambulance.objects.filter(in_service=True).select_related("station").order_by("call_sign")
    )
    for index, unit in enumerate(simulated(units)):
        path = folder / f"{unit.call_sign}.toml"
        wanted.add(path)
        head = f'[vehicle]\nid = "{unit.pk}"\n'
        kept = path.read_text() if path.exists() else ""
        if kept.startswith(head):  # with what somebody changed in it, and its token
            path.write_text(_HUB.sub(f'hub = "{hub}"', _UPLINK.sub(f'url = "{uplink}"', kept)))
            continue
        crew = "tablet" if unit.call_sign == OWN_UNIT else "simulated"
        text = f"""{head}call_sign = "{unit.call_sign}"
token = "{issue_token(unit)}"

[uplink]
url = "{uplink}"

[outbox]
path = "{unit.call_sign}.outbox"

[drivers.camera]
hub = "{hub}"
{CAMERAS if unit.call_sign == OWN_UNIT else CABIN}
[drivers.simulated]
seed = {1000 + index}
crew = "{crew}"
home = [{unit.station.lon}, {unit.station.lat}]
"""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
    for path in set(folder.glob("*.toml")) - wanted:
        path.unlink()
    return len(units) - len(wanted)


def simulated(units: Sequence[Ambulance]) -> list[Ambulance]:
    """As many as can be driven: the first of each station, then the second, … by call sign."""
    seen: Counter[UUID] = Counter()
    rounds = []
    for unit in units:
        seen[unit.station_id] += 1
        rounds.append((seen[unit.station_id], unit.call_sign, unit))
    chosen = sorted(rounds, key=lambda one: one[:2])[:MOST_SIMULATED]
    return sorted((unit for _round, _sign, unit in chosen), key=lambda unit: unit.call_sign)
