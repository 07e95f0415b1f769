"""The second factor's secrets are sealed where they lie, and its messages are ours."""

import base64
import hmac
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from stonebridge.accounts.adapter import WORDS
from stonebridge.domain.errors import Tampered

NONCE = 12  # bytes


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets of authenticator apps and recovery codes are kept under a key that the database does not hold."""

    error_messages = DefaultMFAAdapter.error_messages | WORDS

    def encrypt(self, text: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What ``encrypt`` was given.

        Raises:
            Tampered: the text was not made here with the node's secret key.
        """
        try:
            sealed = base64.b64decode(encrypted_text, validate=True)
            return _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        except (InvalidTag, ValueError) as error:
            raise Tampered("the second factor", "it was not sealed with this node's key") from error


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(settings.SECRET_KEY.encode(), b"second factor", "sha256"))
