"""Takes a list out as a file and prints the most memory that this process had, in megabytes.

Arguments: an address of the back office, and the session of who asks.
"""

import resource
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.test import Client


def take_out(path: str, session: str) -> float:
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.get(path)
    size = sum(map(len, response.streaming_content))
    if response.status_code != 200 or size < 100_000:
        raise SystemExit(f"{path} is no file: {response.status_code}, {size} bytes")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    print(take_out(*sys.argv[1:]))
