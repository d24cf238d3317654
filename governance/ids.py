"""Names of things. Each is text in the log; a NewType keeps one kind from being taken for another."""

from typing import Annotated, Final, NewType

from msgspec import Meta

CoopId = NewType("CoopId", str)
"""`c12`: the twelfth coop that the register ever held."""
MandateId = NewType("MandateId", str)
"""`m-` and 128 random bits in hex: somebody's authority to act, never the person."""
OfficeId = NewType("OfficeId", str)
"""`secretary`: an office of the federation."""
ProposalId = NewType("ProposalId", str)
"""`p7`: the seventh proposal."""
AmendmentId = NewType("AmendmentId", str)
"""`p7.a1`: the first amendment suggested to proposal 7."""
PollId = NewType("PollId", str)
"""`p7.v2`: the second vote in the course of proposal 7."""
ArticleId = NewType("ArticleId", str)
"""`worker-ownership`: an article of the charter, for ever; its number is presentation."""
Matter = NewType("Matter", str)
"""`membership.expel`: what a rule applies to."""
TextHash = NewType("TextHash", str)
"""Lower-case hex SHA-256 of a salted text blob."""
BlobHash = NewType("BlobHash", str)
"""Lower-case hex SHA-256 of any blob."""
Digest = NewType("Digest", str)
"""Lower-case hex SHA-256 under a domain of its own."""

OPERATOR: Final = MandateId("operator")
"""Who writes the founding, before there is anybody with a mandate."""
FEDERATION: Final = MandateId("federation")
"""Who takes the steps that fall due by themselves."""

HASH_PATTERN: Final = "^[0-9a-f]{64}(?!\n)$"
"""A hash in hex. Without the part in brackets a line break could follow, and one hash would have two spellings."""
MANDATE_PATTERN: Final = "^m-[0-9a-f]{32}$"
SLUG_PATTERN: Final = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"

HashText = Annotated[str, Meta(pattern=HASH_PATTERN)]
