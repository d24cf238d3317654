"""The one route: a ballot."""

import hashlib
import json
import secrets

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers, status, views
from rest_framework.response import Response

from bench.peers.drf.access import ISSUER
from bench.peers.drf.log import append, receipt
from bench.peers.drf.models import Answered, Ballot, Head, Poll, Voter


class BallotSerializer(serializers.Serializer):
    """What a delegate fills in."""

    coop = serializers.CharField(max_length=20)
    choice = serializers.ChoiceField(["yes", "no", "abstain"])
    text = serializers.CharField(max_length=64)
    rule = serializers.CharField(max_length=40)
    replaces = serializers.IntegerField(min_value=0, allow_null=True)


class Ballots(views.APIView):
    """The ballots of a poll."""

    def post(self, request, poll):
        """Cast one."""
        paper = BallotSerializer(data=request.data)
        paper.is_valid(raise_exception=True)
        ballot = paper.validated_data
        key = request.headers.get("Idempotency-Key")
        if not key:
            raise serializers.ValidationError("an Idempotency-Key is needed")
        if ballot["coop"] != self.mandate.coop_id:
            self.permission_denied(request)
        said = json.dumps([request.path, ballot], sort_keys=True).encode()
        fingerprint = hashlib.sha256(said).hexdigest()
        with transaction.atomic():
            head = Head.objects.select_for_update().get(id=1)
            before = Answered.objects.filter(principal=self.mandate.id, operation="cast", key=key).first()
            if before is not None:
                return Response({"seq": before.seq}, status=status.HTTP_200_OK)
            at = timezone.now()
            data, seq = self._entry(poll, ballot, head.size, at)
            proof = append(head, data, at)
            if ballot["replaces"] is not None:
                Ballot.objects.filter(seq=ballot["replaces"]).update(replaced_by=seq)
            Ballot.objects.create(
                seq=seq,
                poll_id=poll,
                coop_id=ballot["coop"],
                choice=ballot["choice"],
                replaces=ballot["replaces"],
                actor=self.mandate.id,
                at=at,
            )
            Answered.objects.create(
                principal=self.mandate.id, operation="cast", key=key, fingerprint=fingerprint, seq=seq, created=at
            )
        # After the commit: nothing is signed that could still be undone.
        proved = receipt(seq, head.size, head.root, proof)
        return Response({"seq": seq, "entry": data.decode(), "receipt": proved}, status=status.HTTP_201_CREATED)

    def _entry(self, poll, ballot, seq, at):
        """The entry, if the ballot is legal."""
        open_one = Poll.objects.filter(id=poll, closes__gt=at).first()
        if open_one is None or (open_one.text, open_one.rule) != (ballot["text"], ballot["rule"]):
            raise serializers.ValidationError("this vote is over, or another one")
        if not Voter.objects.filter(poll=open_one, coop=ballot["coop"]).exists():
            raise serializers.ValidationError("not on the roll")
        in_force = (
            Ballot.objects.filter(poll=open_one, coop=ballot["coop"], replaced_by=None)
            .values_list("seq", flat=True)
            .first()
        )
        if in_force != ballot["replaces"]:
            raise serializers.ValidationError("another ballot is in force")
        body = {**ballot, "origin": ISSUER, "poll": poll, "reason": None}
        record = {
            "actor": self.mandate.id,
            "at": at.isoformat(),
            "body": body,
            "nonce": secrets.token_hex(16),
            "seq": seq,
            "type": "ballot.cast",
            "v": 1,
        }
        return json.dumps(record, sort_keys=True, separators=(",", ":")).encode(), seq


urlpatterns = [path("api/v1/polls/<str:poll>/ballots", Ballots.as_view())]
