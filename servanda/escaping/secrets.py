"""Credentials in text: passwords of URLs and of connection strings, and values of variables that hold a secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

MASK = "***"
"""What stands in the place of a secret."""

_SHORTEST = 3
_SHORTEST_KEPT = 8
_KEPT: set[str] = set()
_SECRET_NAME = re.compile("TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|PRIVATE_KEY", re.IGNORECASE)
# A password may hold "@" unescaped, and a single quote; then a quote after the first "@" ends the address.
_USERINFO = re.compile(r"""(?P<who>[^\s<>"/?#@]*(?:@[^\s<>"'`/?#@]*)*)@""")
# A password with a slash, a question mark or a hash that nobody encoded; digits after the colon are a port.
_SLOPPY = re.compile(r"""(?P<who>[^\s<>"/:@?#\[]*:(?!\d+(?:[/?#,\s'"]|$))[^\s<>"@]{0,256})@""")
_ADDRESS = re.compile(r"""(?P<scheme>[A-Za-z0-9+.-]{0,32})://""")
_REST = re.compile(r"""://[^\s<>"]*""")
_PARAMETER = re.compile(
    r"(?P<name>[?&](?!page_token)(?:[\w.-]{0,32}(?:password|passwd|token|secret|api_?key)|pwd)=)[^\s&#'\"<>]+",
    re.IGNORECASE,
)
# As libpq and the clients of Kafka write them; behind "&" or "?" it is a form or a query, which tests compare.
_SETTING = re.compile(
    r"""(?P<name>(?<![\w&?])(?:sasl[._])?(?:plain[._])?(?:ssl[._])?password\s{0,8}=\s{0,8})"""
    r"""(?:"[^"]*"|'[^']*'|[^\s&;,"']++(?!&))""",
    re.IGNORECASE,
)


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """Put ``***`` in the place of every credential.

    These are the user information of an HTTP address (tokens are often the user), the password of any other URL, secret
    parameters of a URL, and ``password=`` settings as connection strings and clients of Kafka have them.

    Args:
        text: Any text; one without credentials comes back as it is.
        secrets: Values that are credentials wherever they stand, see :func:`secret_values`.
    """
    for secret in sorted({*secrets, *_KEPT}, key=len, reverse=True) if secrets or _KEPT else ():
        text = text.replace(secret, MASK)
    if not may_hold_credentials(text):
        return text
    if "://" in text:
        text = _REST.sub(lambda match: _PARAMETER.sub(rf"\g<name>{MASK}", match[0]), text)
        text = "".join(_without_users(text))
    return _SETTING.sub(rf"\g<name>{MASK}", text)


def keep_secret(secrets: Collection[str]) -> None:
    """Let no output of this process show these values from now on; one of several lines is shown by none of them.

    Those of fewer than eight characters are left out: they are words, which stand in names and sentences as well.

    Args:
        secrets: Values that are credentials wherever they stand, see :func:`secret_values`.
    """
    lines = {part for secret in secrets if "\n" in secret for part in map(str.strip, secret.splitlines())}
    # The lines around a key in PEM are those of every other key.
    kept = {*secrets, *(part for part in lines if not part.startswith("-----"))}
    _KEPT.update(part for part in kept if len(part) >= _SHORTEST_KEPT)


def may_hold_credentials(text: str) -> bool:
    """Tell quickly whether there may be something in a text that :func:`redact` looks for."""
    return bool(_KEPT) or "://" in text or "assword" in text or "ASSWORD" in text


def _without_users(text: str) -> Iterator[str]:
    done = 0
    for address in _ADDRESS.finditer(text):
        if address.end() < done:
            continue  # a part of what was masked
        yield text[done : address.end()]
        done = address.end()
        found = _USERINFO.match(text, done) or _SLOPPY.match(text, done)
        if found is not None:
            yield f"{_masked(found['who'], address['scheme'])}@"
            done = found.end()
    yield text[done:]


def _masked(who: str, scheme: str) -> str:
    user, colon, _ = who.partition(":")
    if "http" in scheme.lower():
        return MASK
    return f"{user}:{MASK}" if colon else who


def secret_values(environ: Mapping[str, str]) -> frozenset[str]:
    """Collect the values of an environment that must not be repeated, in every form that a tool may repeat them in.

    Taken are variables whose name tells of a token, password, secret or key, and the passwords of URLs in others.
    Values of fewer than three characters are left out: masking them would hide the text and not the value.
    """
    # Text is escaped by every command, and secrets are looked for by few.
    import base64  # noqa: PLC0415
    from urllib.parse import quote, unquote  # noqa: PLC0415

    plain = {value for name, value in environ.items() if _SECRET_NAME.search(name)}
    user = environ.get("PACT_BROKER_USERNAME", "")
    pairs = {f"{user}:{value}" for value in plain}
    for value in environ.values():
        for address in _ADDRESS.finditer(value):
            if found := _USERINFO.match(value, address.end()) or _SLOPPY.match(value, address.end()):
                pairs.add(unquote(found["who"]))
                plain.add(unquote(found["who"]).partition(":")[2])
    encoded = {base64.b64encode(pair.encode("utf-8", "surrogateescape")).decode() for pair in pairs}
    forms = {form for value in plain for form in (value, value.strip(), quote(value, safe="", errors="replace"))}
    return frozenset(form for form in forms | encoded if len(form) >= _SHORTEST)
