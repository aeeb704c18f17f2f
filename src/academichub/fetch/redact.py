"""Show an address in logs and on pages without the secrets in it."""

from __future__ import annotations

import re
from urllib.parse import unquote

_LONGEST = 500  # characters; an address in an error is read by people
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")
_PARAMETER = re.compile(r"(?<=[?&;])([^=&;#]*)=([^&;#]*)")
_FRAGMENT = re.compile(r"#.*", re.DOTALL)
# Whole words of a parameter's name: "api_key", "X-Amz-Signature" and "access_token" are secret,
# "keywords", "author" and "tokenize" are not.
_SECRET_WORDS = frozenset(
    {"key", "apikey", "token", "secret", "password", "passwd", "pwd", "pass", "auth", "authorization"}
    | {"sig", "signature", "sign", "credential", "credentials", "session", "sessionid", "sid", "jwt"}
    | {"accesstoken", "email", "mailto"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def shown(url: str) -> str:
    """Strip what a stranger must not read: user names, passwords, keys, the fragment.

    Works on text, not on a parsed address, because it is needed most where parsing failed.
    """
    bare = _USERINFO.sub("", _FRAGMENT.sub("", url))
    return _PARAMETER.sub(_masked, bare)[:_LONGEST]


def _masked(parameter: re.Match[str]) -> str:
    name = parameter[1]
    plain = unquote(name)
    words = {word.lower() for word in _WORD.findall(plain)} | {plain.lower()}
    return f"{name}=***" if words & _SECRET_WORDS else parameter[0]
