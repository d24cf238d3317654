"""The WSGI application; and, run as a program, the tables with their first rows, and everybody's tokens on standard output."""

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.drf.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def seed(coops: int) -> list[dict[str, str]]:
    """Make the tables, and coops with a delegate each who is signed in; what each needs to vote."""
    import jwt  # noqa: PLC0415 - only here
    from django.core.management import call_command  # noqa: PLC0415 - once Django is set up
    from django.utils import timezone  # noqa: PLC0415 - as above

    from bench.peers.drf import models  # noqa: PLC0415 - as above
    from bench.peers.drf.access import AUDIENCE, ISSUER, key  # noqa: PLC0415 - as above

    call_command("migrate", run_syncdb=True, verbosity=0)
    now = timezone.now()
    poll = models.Poll.objects.create(id="p1.v1", text="a" * 64, rule="resolution/1", closes=now + timedelta(days=7))
    models.Head.objects.create(id=1, size=0, root=b"")
    voters = []
    for number in range(1, coops + 1):
        coop, account, session = (f"{kind}{number}" for kind in ("c", "a-", "s-"))
        mandate = f"m-{number:032x}"
        one = models.Coop.objects.create(id=coop)
        models.Voter.objects.create(poll=poll, coop=one)
        models.Session.objects.create(id=session, account=account)
        models.Mandate.objects.create(id=mandate, account=account, coop=one, role="delegate", starts=now)
        claims = {"sub": account, "sid": session, "iss": ISSUER, "aud": AUDIENCE, "exp": now + timedelta(hours=6)}
        token = jwt.encode(claims, key(), "EdDSA")
        paper = {"poll": poll.id, "text": poll.text, "rule": poll.rule}
        voters.append({"coop": coop, "mandate": mandate, "token": token, **paper})
    return voters


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
