"""Commands about people: who is waited for, invitations, and the keys that their sessions are signed with."""

import secrets
from pathlib import Path
from typing import Final

import click

from app.cli.group import at_home, in_json, run, say_json, settings_at
from app.clock import now
from app.security import token_keys
from app.services.accounts.accounts import Accounts
from app.services.accounts.inviting import Invited, invite
from app.services.accounts.waiting import Waiting, waiting
from app.services.mail.letters import invitation_link
from app.services.opening import Opened, opened
from app.services.reporting import counted, plain
from app.settings import Settings
from governance.ids import MandateId

LOCAL: Final = "http://127.0.0.1:8000"
"""Where the service is, as long as no public URL says where people reach it."""


@click.command()
@in_json
@at_home
@click.pass_obj
def invitations(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """List the mandates that nobody holds yet, and until when an invitation to each is good.

    The service invites by mail whoever has an address here. Without a mail server, make a link with `rochdale invite`.
    """

    async def work() -> tuple[Waiting, ...]:
        settings = settings_at(home)
        async with opened(settings) as parts:
            return await waiting(_accounts(settings, parts))

    found = run(work())
    if as_json:
        say_json(found)
        return
    for one in found:
        address = plain(one.address) if one.address else "no address"
        until = f"invited until {one.invited[:16]}Z" if one.invited else "not invited"
        click.echo(f"{one.mandate}  {one.role:<9}{plain(one.name)}  <{address}>  {until}")
    click.echo(f"{counted(len(found), 'mandate', 'mandates')} without a holder.")


@click.command(name="invite")
@click.argument("mandate")
@click.argument("address")
@at_home
@click.pass_obj
def invite_command(home: Path | None, mandate: str, address: str) -> None:
    """Invite whoever has the e-mail ADDRESS to hold MANDATE, and print the link.

    Give the link to nobody else: whoever opens it first holds the mandate. An earlier one is no longer good.
    """

    async def work() -> tuple[Settings, Invited]:
        settings = settings_at(home)
        async with opened(settings) as parts:
            accounts = _accounts(settings, parts)
            return settings, await invite(accounts, mandate=MandateId(mandate), address=address)

    settings, invited = run(work())
    click.echo(invitation_link(settings.public_url or LOCAL, invited.token))
    click.echo(f"Good until {invited.expires[:16]}Z.")


@click.command(name="rotate-token-key")
@at_home
@click.pass_obj
def rotate_token_key(home: Path | None) -> None:
    """Make a new key to sign access tokens with, and remove those that no token needs any more.

    The new key is made known at once and signs a little later, so that nobody is signed out.
    """
    rotated = token_keys.rotate(settings_at(home).keys_dir, now=now(), seed=secrets.token_bytes(32))
    click.echo(f"{rotated.key} signs from {rotated.signs_from[:16]}Z on.")
    if rotated.retired:
        click.echo(f"{counted(len(rotated.retired), 'older key was', 'older keys were')} removed.")


def _accounts(settings: Settings, parts: Opened) -> Accounts:
    return Accounts(parts.engine, settings.keys_dir, issuer=parts.signer.verifier_key.name)
