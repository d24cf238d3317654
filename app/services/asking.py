"""Asking for something to be recorded in the log, as the holder of a mandate."""

from collections.abc import Collection

from app.ledger.asking import Answer, Idempotency
from app.security.people import Person
from app.services.accounts.holding import NotActing, acting
from app.services.accounts.sessions import require_session
from app.services.serving import Service
from app.services.texts import Written
from governance.ids import CoopId, MandateId
from governance.mandate import Role
from governance.value import Value


class Request(Value):
    """A request that is to be recorded once, however often it comes: its operation, its key, and its fingerprint."""

    operation: str
    key: str
    fingerprint: str


class Asking:
    """Somebody who asks, in one request. Mandates are checked when the log decides, and so is that the session goes on."""

    __slots__ = ("_mandate", "_person", "_request", "service")

    def __init__(self, service: Service, person: Person, request: Request, mandate: MandateId | None) -> None:
        """Take who asks for what. `mandate` is the one they said they act with, if they said one."""
        self.service = service
        self._person = person
        self._request = request
        self._mandate = mandate

    async def record(
        self,
        command: Value,
        *,
        roles: tuple[Role, ...],
        coop: CoopId | None = None,
        told: bool = False,
        texts: Collection[Written] = (),
    ) -> Answer:
        """Record what a command becomes. The same request again gets the first answer again.

        Without a mandate named, it is the one of these roles that they hold, for this coop where that is said. One that
        is named is held to that too, unless the command itself is `told` for which coop it is, so that the log checks it.

        Raises:
            NotActing, ActingUnsaid: as in `acting`.
            SessionEnded: as in `require_session`.
            RochdaleError: as `Ledger.submit`.
        """
        mandate = self._mandate
        if mandate is None or (coop is not None and not told):
            try:
                mandate = await acting(
                    self.service.accounts, self._person.account, roles=roles, mandate=mandate, coop=coop
                )
            except NotActing:
                # Whose account was erased holds nothing any more; to them it is said that they are signed out.
                await require_session(self.service.accounts, self._person)
                raise
        return await self.service.ledger.submit(
            command,
            actor=mandate,
            idempotency=Idempotency(
                principal=mandate,
                operation=self._request.operation,
                key=self._request.key,
                fingerprint=self._request.fingerprint,
            ),
            blobs=tuple(text.blob for text in texts),
            session=self._person.session,
        )
