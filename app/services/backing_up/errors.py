"""What is wrong with a backup, or with the key it is sealed to."""

from governance.errors import FormatError, RochdaleError


class BackupKeyInvalid(FormatError):
    """This is not a key for backups."""

    code = "backup_key_invalid"


class BackupKeyWrong(RochdaleError):
    """This key does not open this backup."""

    code = "backup_key_wrong"


class BackupUnknown(FormatError):
    """This file is not a backup."""

    code = "backup_unknown"


class BackupDamaged(FormatError):
    """The backup was altered or damaged."""

    code = "backup_damaged"


class BackupTruncated(FormatError):
    """The backup was cut off, or damaged at its end."""

    code = "backup_truncated"


class BackupNewer(RochdaleError):
    """The backup is of a newer version of Rochdale."""

    code = "backup_newer"


class BackupContradictory(FormatError):
    """The backup contradicts itself."""

    code = "backup_contradictory"


class BackupUnvouched(RochdaleError):
    """The backup was not made with the key of its log."""

    code = "backup_unvouched"
