"""Who works where."""

from dispatch.people.models import Organisation


def the_centre() -> Organisation | None:
    """The first dispatch centre: calls that arrive with no centre go there."""
    return (
        Organisation.objects.filter(kind=Organisation.Kind.DISPATCH_CENTRE, active=True)
        .order_by("code")
        .first()
    )
