"""What the bench works on: one open edition with a pass, agencies to choose from, badges, a gate and its guard.

Run as a program on the bench's database, it prints what the clients need as JSON.
"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.sessions.backends.db import SessionStore
from post_office.models import STATUS, Email

from exhibitors.models import Agency
from forum.badges import printing
from forum.checkin.models import Gate
from forum.registration.models import Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

AGENCIES = 120


def make_all(badges: int) -> dict:
    """One edition whose pass has room for everybody, and as many valid badges."""
    edition = cms.edition(slug="bench", is_demonstration=True)
    pass_type = make.pass_type(edition, size=1_000_000)
    Agency.objects.bulk_create(
        Agency(name_en=f"Agency {number}", kind=Agency.Kind.GOVERNMENT, country="KH") for number in range(AGENCIES)
    )
    people = [make.registration(pass_type) for _ in range(badges)]
    Email.objects.update(status=STATUS.sent)  # their mail is not what is measured
    return {
        "edition": edition.slug,
        "pass_type": pass_type.slug,
        "gate": Gate.objects.create(edition=edition, name_en="Main gate").code,
        "badges": [badge.serial for badge in printing.issue(Registration.objects.filter(pk__in=[p.pk for p in people]))],
        "session": _sign_in(accounts.user("checkin.add_scan")),
    }


def _sign_in(user) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    print(json.dumps(make_all(int(sys.argv[1]))))
