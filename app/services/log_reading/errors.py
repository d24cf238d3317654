"""What whoever reads the log is refused."""

from governance.errors import Refusal, RochdaleError


class TileUnknown(Refusal):
    """The log has no such tile, or not yet."""

    code = "tile_unknown"


class BlobUnknown(Refusal):
    """The log keeps no bytes under this hash."""

    code = "blob_unknown"


class TextGone(Refusal):
    """This text was erased. Its hash stays in the log, with who had it erased and why."""

    code = "text_gone"


class BundleBusy(RochdaleError):
    """Too many bundles are being downloaded at once. Try again later."""

    code = "bundle_busy"
