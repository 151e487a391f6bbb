"""Takes one badge after the other from the store, as a desk does, and prints the milliseconds of this process for each.

Arguments: codes of registrations whose badges are kept or become so, with commas between, and how often each is taken.
"""

import sys
import time

import django

if __name__ == "__main__":
    django.setup()

from forum.badges import keeping, printing
from forum.registration.models import Registration


def take(codes: list[str], times: int) -> float:
    badges = printing.issue(Registration.objects.with_names().filter(code__in=codes))
    for badge in badges:
        keeping.paper(badge)
    begun = time.process_time()
    for badge in badges * times:
        if not keeping.paper(badge).startswith(b"%PDF"):
            raise SystemExit(f"{badge} is no badge")
    return (time.process_time() - begun) * 1000 / len(badges) / times


if __name__ == "__main__":
    print(take(sys.argv[1].split(","), int(sys.argv[2])))
