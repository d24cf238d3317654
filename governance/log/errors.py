"""Everything that the log's formats refuse, in one closed list."""

from governance.errors import FormatError, RochdaleError


class DecimalInvalid(FormatError):
    """This is not a whole number in its one spelling."""

    code = "decimal_invalid"


class Base64Invalid(FormatError):
    """This is not base64 in its one spelling."""

    code = "base64_invalid"


class HashLengthWrong(FormatError):
    """A SHA-256 hash has 32 bytes, and this has not."""

    code = "hash_length_wrong"


class FrontierInvalid(FormatError):
    """These hashes are not the frontier of a tree of that size."""

    code = "frontier_invalid"


class ProofRangeInvalid(RochdaleError):
    """There is no proof for these positions or sizes."""

    code = "proof_range_invalid"


class InclusionFalse(RochdaleError):
    """The proof does not show that the entry is in the log."""

    code = "inclusion_false"


class ConsistencyFalse(RochdaleError):
    """The proof does not show that the log only grew."""

    code = "consistency_false"


class SeedInvalid(FormatError):
    """An Ed25519 seed has 32 bytes, and this has not."""

    code = "seed_invalid"


class PublicKeyInvalid(FormatError):
    """This is not an Ed25519 public key that every library reads alike."""

    code = "public_key_invalid"


class SignatureNotCanonical(FormatError):
    """This is not an Ed25519 signature that every library reads alike."""

    code = "signature_not_canonical"


class SignatureFalse(RochdaleError):
    """The signature was not made by this key over these bytes."""

    code = "signature_false"


class KeyNameInvalid(FormatError):
    """This cannot be the name of a key."""

    code = "key_name_invalid"


class VerifierKeyInvalid(FormatError):
    """This is not a verifier key."""

    code = "verifier_key_invalid"


class KeyIdWrong(FormatError):
    """The key id does not belong to this name and public key."""

    code = "key_id_wrong"


class KeyTypeUnknown(FormatError):
    """This type of key is not known here."""

    code = "key_type_unknown"


class KeyTypeWrong(RochdaleError):
    """A key of this type cannot do that."""

    code = "key_type_wrong"


class KeysCollide(RochdaleError):
    """Two different keys have the same name and the same id."""

    code = "keys_collide"


class NoteInvalid(FormatError):
    """This is not a signed note."""

    code = "note_invalid"


class NoteTooLarge(FormatError):
    """This note is larger than any that is read here."""

    code = "note_too_large"


class SignatureLineInvalid(FormatError):
    """This is not a signature line of a note."""

    code = "signature_line_invalid"


class SignatureTwice(FormatError):
    """One key has two signatures on one note."""

    code = "signature_twice"


class NoteUnsigned(RochdaleError):
    """No key that is trusted here has signed this."""

    code = "note_unsigned"


class CheckpointInvalid(FormatError):
    """This is not a checkpoint."""

    code = "checkpoint_invalid"


class OriginWrong(RochdaleError):
    """This checkpoint belongs to another log."""

    code = "checkpoint_origin_wrong"


class CosignatureInvalid(FormatError):
    """This is not a timestamped cosignature."""

    code = "cosignature_invalid"


class WitnessRequestInvalid(FormatError):
    """This is not an add-checkpoint request."""

    code = "witness_request_invalid"


class WitnessAnswerInvalid(FormatError):
    """This is not a witness's answer."""

    code = "witness_answer_invalid"


class TilePathInvalid(FormatError):
    """This is not the path of a tile."""

    code = "tile_path_invalid"


class TileInvalid(FormatError):
    """These bytes are not the content of that tile."""

    code = "tile_invalid"


class ReceiptInvalid(FormatError):
    """This is not a receipt."""

    code = "receipt_invalid"


class QuorumMissing(RochdaleError):
    """Too few witnesses have countersigned this."""

    code = "witness_quorum_missing"


class BlobInvalid(FormatError):
    """This blob is damaged or too large."""

    code = "blob_invalid"


class BlobDomainUnknown(FormatError):
    """This blob does not say what it is, or says something unknown here."""

    code = "blob_domain_unknown"


class BundleMagicWrong(FormatError):
    """This file is not a bundle."""

    code = "bundle_magic_wrong"


class BundleTruncated(FormatError):
    """The bundle ends too early."""

    code = "bundle_truncated"


class BundleFrameUnknown(FormatError):
    """The bundle has a frame of an unknown kind."""

    code = "bundle_frame_unknown"


class BundleFrameLengthWrong(FormatError):
    """A frame of the bundle is longer than its kind may be."""

    code = "bundle_frame_length_wrong"


class BundleOrderWrong(FormatError):
    """The frames of the bundle are not in their order."""

    code = "bundle_order_wrong"


class BundleSizeWrong(FormatError):
    """The bundle does not hold as many entries as it says."""

    code = "bundle_size_wrong"


class BundleHeaderInvalid(FormatError):
    """The bundle's header is not in its one spelling."""

    code = "bundle_header_invalid"


class BundleDigestWrong(FormatError):
    """The bundle was altered or damaged after it was written."""

    code = "bundle_digest_wrong"


class BundleTrailing(FormatError):
    """There is something after the bundle's end."""

    code = "bundle_trailing"
