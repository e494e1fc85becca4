"""Keys that sign."""

from __future__ import annotations

import json
from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from platformkit.tokens.claims import ACCESS_TOKEN, Claims
from platformkit.tokens.keys import PublicKey

_ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key for ES256.

    Attributes:
        key_id: Its name, ``kid``: the thumbprint of its public part (RFC 7638), so no two keys share one.
        key: The key itself.
    """

    key_id: str
    key: ECKey

    @classmethod
    def generate(cls) -> SigningKey:
        """Make a new key."""
        key = ECKey.generate_key("P-256")
        return cls(key.thumbprint(), key)

    @classmethod
    def of(cls, document: str) -> SigningKey:
        """Read a private JSON Web Key.

        Raises:
            ValueError: It is none for ES256.
        """
        try:
            key = ECKey.import_key(json.loads(document))
        except (JoseError, ValueError, KeyError, TypeError) as error:
            # The text may hold the key.
            raise ValueError("expected a private JSON Web Key for ES256") from error
        if not key.is_private or key.curve_name != "P-256":
            raise ValueError("expected a private JSON Web Key for ES256")
        return cls(key.thumbprint(), key)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id!r})"

    def document(self) -> str:
        """Return the private JSON Web Key: a secret."""
        return json.dumps(self.key.as_dict(private=True))

    @property
    def public(self) -> PublicKey:
        """Return the public part."""
        return PublicKey(self.key_id, _ALGORITHM, ECKey.import_key(dict(self.key.as_dict(private=False))))

    def sign(self, claims: Claims, kind: str = ACCESS_TOKEN) -> str:
        """Return a token in compact form.

        Args:
            claims: What it says.
            kind: Its type, ``typ``: a verifier takes one type only.
        """
        header = {"alg": _ALGORITHM, "kid": self.key_id, "typ": kind}
        payload = json.dumps(claims.document(), separators=(",", ":"))
        return jws.serialize_compact(header, payload, self.key, algorithms=[_ALGORITHM])
