"""Sweeping out what is not needed any more, so that no personal data stays for nothing."""

from datetime import timedelta
from typing import Final

from app.services.accounts.accounts import Accounts
from app.store.tables import Invitation, KnownNetwork, Outbox, PasswordReset, RefreshToken, Session, Throttle
from governance.instants import later

SESSIONS: Final = timedelta(days=30)
"""How long a session that is over is still shown to its owner in an export."""
MAILS: Final = timedelta(days=30)
"""How long it is known that a mail was sent; its address and body are gone at once."""
INVITATIONS: Final = timedelta(days=90)
"""How long an invitation is kept that nobody answered, so that nobody is invited for ever."""
NETWORKS: Final = timedelta(days=90)


async def sweep(accounts: Accounts) -> None:
    """Delete what has expired. Call it every hour or so, on any node; each statement is its own transaction."""
    now = accounts.clock()
    over = later(now, -SESSIONS)
    await RefreshToken.delete().where(RefreshToken.expires <= now)
    await Session.delete().where((Session.expires <= over) | (Session.ended <= over))
    await PasswordReset.delete().where(PasswordReset.expires <= now)
    await Throttle.delete().where(Throttle.until <= now)
    await KnownNetwork.delete().where(KnownNetwork.seen <= later(now, -NETWORKS))
    await Outbox.delete().where(Outbox.created <= later(now, -MAILS))
    # Only the address goes: how often somebody was invited is still known.
    await Invitation.update({Invitation.email: None}).where(Invitation.expires <= later(now, -INVITATIONS))
