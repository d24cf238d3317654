"""The log and what is kept with it. Instants are the log's text, hashes of the tree raw bytes, addresses hex."""

from piccolo.columns import BigInt, Bytea, Text
from piccolo.constraints import Unique
from piccolo.table import Table


class LogHead(Table, tablename="log_head"):
    """One row, which every append locks first: how long the log is, its root, and the last `at`."""

    id = BigInt(primary_key=True)
    size = BigInt()
    root = Bytea()
    at = Text()


class LogEntry(Table, tablename="log_entry"):
    """An entry of the log. `batch_end` is the size of the log after the batch that it came with: its receipt's checkpoint."""

    seq = BigInt(primary_key=True)
    bytes = Bytea()
    type = Text()
    at = Text()
    batch_end = BigInt()


class TreeNode(Table, tablename="tree_node"):
    """The hash of a complete subtree, at the position that `tree.position` gives it."""

    position = BigInt(primary_key=True)
    hash = Bytea()


class Blob(Table, tablename="blob"):
    """Bytes that the log names by hash: a `text` or an `electorate`. An erased text has no row."""

    address = Text(primary_key=True)
    bytes = Bytea()
    kind = Text()
    first_use = BigInt(index=True)


class Projected(Table, tablename="projected"):
    """One row: the version of the code that filled the projections, which are made again where it is another."""

    id = BigInt(primary_key=True)
    version = BigInt()


class Snapshot(Table, tablename="snapshot"):
    """The state that a code folded the first `size` entries into, under `root`; `vouched` is the log's word on all of it."""

    code = Text(primary_key=True)
    size = BigInt()
    root = Bytea()
    state = Bytea()
    vouched = Bytea()


class IdempotencyKey(Table, tablename="idempotency_key"):
    """That a request was answered, with which entry. Not a projection: the log does not know who asked."""

    seq = BigInt(primary_key=True)
    principal = Text()
    operation = Text()
    key = Text()
    fingerprint = Text()
    created = Text(index=True)
    asked_once = Unique([principal, operation, key])
