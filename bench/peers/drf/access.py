"""Who asks: the token, the session, the mandate."""

import base64
import functools
import os
from typing import NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Q
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from bench.peers.drf.models import Mandate, Session

ISSUER = "drf.example/log"
AUDIENCE = "bench"


class Person(NamedTuple):
    """Who a token names."""

    account: str
    session: str
    is_authenticated: bool = True


@functools.cache
def key() -> Ed25519PrivateKey:
    """The key of tokens and of the log."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(os.environ["BENCH_KEY"]))


@functools.cache
def _public() -> object:
    return key().public_key()


class BearerToken(authentication.BaseAuthentication):
    """An access token that is ours."""

    def authenticate(self, request):
        """The person of the token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = jwt.decode(token, _public(), algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE)
        except jwt.PyJWTError:
            raise exceptions.AuthenticationFailed from None
        return Person(claims["sub"], claims["sid"]), claims

    def authenticate_header(self, request):
        """What is asked for."""
        del request
        return "Bearer"


class ActsForACoop(permissions.BasePermission):
    """A session that goes on, and a delegate's mandate in force."""

    def has_permission(self, request, view):
        """Whether the request may go on; the view then knows the mandate."""
        person = request.user
        if person is None or not Session.objects.filter(id=person.session, ended=None).exists():
            return False
        now = timezone.now()
        view.mandate = Mandate.objects.filter(
            Q(ends=None) | Q(ends__gt=now),
            id=request.headers.get("Rochdale-Mandate"),
            account=person.account,
            role="delegate",
            starts__lte=now,
        ).first()
        return view.mandate is not None
