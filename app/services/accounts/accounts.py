"""What every service for people works with, put together once when the server starts."""

import hashlib
import hmac
import secrets
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final

from piccolo.querystring import QueryString

from app.clock import Clock, now
from app.ledger.batch import Randomness
from app.security.passwords import PARAMETERS, Parameters, Passwords
from app.security.people import AccountId
from app.security.token_keys import TokenKeys
from app.security.tokens import Tokens
from app.store.engines import AnyEngine

_DOMAIN: Final = b"rochdale/throttle/v1"


class Accounts:
    """The engine, the clock, and what hashes passwords and signs tokens. Make one for a process, and close it.

    The engine is bound to the tables (`engines.bind`), as everything that opens a federation does.
    """

    __slots__ = ("clock", "engine", "keys", "passwords", "randomness", "tokens")

    def __init__(
        self,
        engine: AnyEngine,
        keys_dir: Path,
        *,
        issuer: str,
        clock: Clock = now,
        randomness: Randomness = secrets.token_bytes,
        parameters: Parameters = PARAMETERS,
    ) -> None:
        """Take the parts. `issuer` names this service in tokens: its public URL, or else the log's origin."""
        self.engine = engine
        self.clock = clock
        self.randomness = randomness
        self.passwords = Passwords(parameters)
        self.keys = TokenKeys(keys_dir)
        self.tokens = Tokens(self.keys, issuer=issuer)

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """A transaction on the engine's own writer; what is run inside the block belongs to it."""
        return self.engine.transaction()  # type: ignore[no-any-return]  # Piccolo says Any

    async def run(self, query: QueryString) -> list[Any]:
        """Run a query, within the transaction if there is one, and give its rows by column."""
        return await self.engine.run_querystring(query)  # type: ignore[no-any-return]  # Piccolo says Any

    async def locked(self, account: AccountId) -> Any:  # noqa: ANN401 - a row by column
        """The row of an account, held until the transaction ends, or None where it was erased.

        Every transaction that begins or ends sessions, or binds mandates, takes this first: so none crosses an erasure.
        """
        rows = await self.run(
            QueryString('UPDATE "account" SET "changed" = "changed" WHERE "id" = {} RETURNING *', account)
        )
        return rows[0] if rows else None

    def keyed(self, *words: str) -> str:
        """A keyed hash of some words in hex, for what is to be recognised and never read."""
        key = self.keys.derive(_DOMAIN, self.clock())
        spelled = b"".join(len(data).to_bytes(4) + data for data in (word.encode("utf-8", "replace") for word in words))
        return hmac.digest(key, spelled, hashlib.sha256).hex()

    def close(self) -> None:
        """End the threads that hash passwords."""
        self.passwords.close()
