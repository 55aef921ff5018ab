"""python manage.py replay_decisions --policy nearest: a past day under another policy."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dispatch.decision.actions.replays import replay_decisions
from dispatch.decision.models import PolicyReplay
from dispatch.decision.policy_file import BadPolicy, policy_named, policy_names
from dispatch.journal.refusals import Refused
from dispatch.people.models import Organisation


class Command(BaseCommand):
    help = (
        "Decides a past day's cases again by other policies, from the stored inputs of every"
        " recommendation, and reports late share, mean, P90 and the cases that differ."
        " The page /replays/ shows what was kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--policy",
            action="append",
            required=True,
            help=f"{', '.join(policy_names())}, or the path of a file; may be repeated",
        )
        parser.add_argument("--day", type=day, help="2026-11-22, by the centre's clock; yesterday")
        parser.add_argument("--days", type=int, default=1, help="how many days from then on")
        parser.add_argument("--centre", help="the code of the centre, where there is more than one")
        parser.add_argument("--json", action="store_true", help="one line of JSON for each policy")

    def handle(self, *_args: object, **said: object) -> None:
        first = said["day"] if isinstance(said["day"], date) else yesterday()
        begins = timezone.make_aware(datetime.combine(first, time()))
        days = said["days"] if isinstance(said["days"], int) else 1
        named = said["policy"] if isinstance(said["policy"], list) else []
        try:
            policies = [policy_named(name) for name in named]
            centre = the_centre(str(said["centre"] or ""))
            for policy in policies:
                stored = replay_decisions(
                    centre=centre,
                    policy=policy,
                    begins=begins,
                    ends=begins + timedelta(days=max(1, days)),
                    now=timezone.now(),
                )
                self.stdout.write(as_json(stored) if said["json"] else as_text(stored))
        except (BadPolicy, Refused) as wrong:
            raise CommandError(str(wrong)) from wrong


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(f"“{text}” is no day like 2026-11-22") from wrong


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def the_centre(code: str) -> Organisation:
    """The centre of this code, or the only one. Raises CommandError otherwise."""
    centres = Organisation.objects.filter(kind=Organisation.Kind.DISPATCH_CENTRE, active=True)
    found = list(centres.filter(code=code) if code else centres)
    if len(found) != 1:
        known = ", ".join(centres.order_by("code").values_list("code", flat=True))
        raise CommandError(f"Name one centre with --centre: {known or 'there is none'}.")
    return found[0]


def as_json(stored: PolicyReplay) -> str:
    return json.dumps(
        {"id": str(stored.pk), "policy": stored.policy, **stored.result}, ensure_ascii=False
    )


def as_text(stored: PolicyReplay) -> str:
    result = stored.result
    lines = [f"{stored.policy}  {stored.begins:%Y-%m-%d %H:%M} – {stored.ends:%Y-%m-%d %H:%M}"]
    for name in ("decided", "replayed"):
        row = result[name]
        lines.append(
            f"  {name:<9} {row['decisions']:5d} decisions  late {percent(row['late_share'])}"
            f"  mean {clock(row['mean_s'])}  P90 {clock(row['p90_s'])}  nobody {row['nobody']}"
        )
    lines.append(f"  {len(result['cases'])} cases differ, {result['skipped']} could not be read")
    for case in result["cases"]:
        was, now = case["decided"], case["replayed"]
        lines.append(
            f"    {case['number']}  P{case['priority']}"
            f"  {was['call_sign'] or '–':>6} {clock(was['response_s'])}"
            f"  →  {now['call_sign'] or '–':>6} {clock(now['response_s'])}"
        )
    return "\n".join(lines)


def clock(seconds: float | None) -> str:
    return "   –" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
