"""The tables."""

from typing import ClassVar

from django.db import models


class Coop(models.Model):
    """A voter."""

    id = models.CharField(primary_key=True, max_length=20)


class Session(models.Model):
    """Somebody signed in."""

    id = models.CharField(primary_key=True, max_length=40)
    account = models.CharField(max_length=40)
    ended = models.DateTimeField(null=True)


class Mandate(models.Model):
    """The right of an account to cast a coop's ballot."""

    id = models.CharField(primary_key=True, max_length=40)
    account = models.CharField(max_length=40)
    coop = models.ForeignKey(Coop, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)


class Poll(models.Model):
    """A vote."""

    id = models.CharField(primary_key=True, max_length=40)
    text = models.CharField(max_length=64)
    rule = models.CharField(max_length=40)
    closes = models.DateTimeField()


class Voter(models.Model):
    """A coop that may vote in a poll."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT)
    coop = models.ForeignKey(Coop, on_delete=models.PROTECT)

    class Meta:
        """Each once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "coop"], name="voter_once")]


class Ballot(models.Model):
    """A ballot: the one in force is that which none replaced."""

    seq = models.BigIntegerField(primary_key=True)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT)
    coop = models.ForeignKey(Coop, on_delete=models.PROTECT)
    choice = models.CharField(max_length=8)
    replaces = models.BigIntegerField(null=True)
    replaced_by = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()


class Entry(models.Model):
    """An entry of the log."""

    seq = models.BigIntegerField(primary_key=True)
    data = models.BinaryField()
    at = models.DateTimeField()


class Node(models.Model):
    """The hash of a complete subtree. The id is its level and its place in that."""

    id = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField()


class Head(models.Model):
    """How long the log is."""

    size = models.BigIntegerField()
    root = models.BinaryField()


class Answered(models.Model):
    """A request that was answered, by its idempotency key."""

    principal = models.CharField(max_length=40)
    operation = models.CharField(max_length=40)
    key = models.CharField(max_length=128)
    fingerprint = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    created = models.DateTimeField()

    class Meta:
        """Each once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["principal", "operation", "key"], name="answered_once")
        ]
