"""Telling a secret by its look or by its name, and keeping only that it was there.

Runs where a source shapes its values, so that no secret reaches a snapshot, a report or a log, while rules about secrets still
decide offline: they see ``Redacted(kind, digest)``.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from auditor.model.values import OneOf, Redacted, Reference, Text, Value, over

# The shapes their issuers document: AWS access keys (AKIA long-term, ASIA temporary), PEM private keys, GitHub's token prefixes,
# Slack tokens, Hugging Face tokens, the keys of model providers, JSON web tokens; and the password that RFC 3986 lets stand in a URL.
_LOOKS: Final = (
    ("aws-access-key", re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("private-key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("github-token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b")),
    ("slack-token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
    ("hugging-face-token", re.compile(r"\bhf_[A-Za-z0-9]{30,}\b")),
    ("model-provider-key", re.compile(r"\bsk-[A-Za-z0-9_-]{20,}")),
    # the end of its first part suffices: a beginning to look back from could stand at every place of a hostile text
    ("password-in-url", re.compile(r"://[^/\s:@]*:[^/\s@${}]+@")),
    ("json-web-token", re.compile(r"[A-Za-z0-9_-]{10}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
)
_HINTS: Final = ("AKIA", "ASIA", "-----BEGIN", "gh", "xox", "hf_", "sk-", "eyJ", "@")
_NAME: Final = re.compile(
    r"(?:^|[_\-.])(?:password|pass|passphrase|passwd|pwd|secret|secret[_-]?key|secret[_-]?access[_-]?key|api[_-]?key|auth[_-]?token|access[_-]?token|token|credentials?)$",
    re.IGNORECASE,
)
# the special tokens of a tokenizer, which are set by hyperparameters
_NO_SECRET_NAME: Final = re.compile(
    r"(?:^|[_\-.])(?:bos|cls|end|eos|image|mask|pad|sep|start|stop|unk)[_-]?token$", re.IGNORECASE
)
# no secret is a reference to where one is kept, a switch, a small number, or a special token (<pad>, [MASK]); nor are a variable that
# is put in later, the path of a file, the path of a parameter (/churn/db-password) or the name of a secret (churn/production/db)
_NO_SECRET: Final = re.compile(
    r"^(?:arn:aws[a-z-]*:(?:secretsmanager|ssm):|\{\{resolve:|https?://|s3://|/(?:etc|home|mnt|opt|root|run|tmp|usr|var)/"
    r"|(?:true|false|none|null|[\d.]{1,6}|<[^>]*>|\[[^\]]*\]|\$\{[^}]*\}|\$\([^)]*\)|(?:/[a-z_.-]+){2,}|(?-i:[a-z_-]+(?:/[a-z_-]+)+))$)",
    re.IGNORECASE,
)
# NAME=value, name: "value", "name" = "value", as scripts and settings write it; not what a variable or a command puts there
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.-])(?P<name>[A-Za-z_-][\w.-]{0,100})["']?(?:=(?=\S)|[ \t]?[:=][ \t]?(?=["']))["']?"""
    r"""(?P<value>[^\s"'`$<{%=][^\s"'`;&|)]{3,})"""
)
_ASSIGNS: Final = ("=", '":', "':", ': "', ": '")


def redact(name: str, value: Value) -> Value:
    """``value``, or a ``Redacted`` in its place where it looks like a secret or stands under a name that says so.

    ``name`` is the key or property path; only free-form keys (environment, hyperparameters) are judged by it, and what a script
    assigns, by the names that it assigns to. Text with expressions is judged by what is written out of it, and where it begins
    with another resource (``${Secret}:key``) not by its name. Of a document, each text is judged by itself; of arguments, what
    follows an option (``--db-password``) by that.
    """
    if isinstance(value, OneOf):
        return over(value, lambda item: redact(name, item))
    if isinstance(value, dict):
        return {key: redact(_label(key, value), item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact(_option(before, item) or name, item) for before, item in zip([None, *value], value, strict=False)]
    if isinstance(value, Text):
        kept_there = any(isinstance(part, Reference) for part in value.parts[:1])
        written = "".join(part for part in value.parts if isinstance(part, str))
        with_variables = "".join(part if isinstance(part, str) else "$" for part in value.parts)
        kind = _kind("" if kept_there else name, written, with_variables)
    elif isinstance(value, str):
        written = value
        kind = _kind(name, value, value)
    else:
        return value
    return Redacted(kind, digest(written)) if kind else value


_LABELS: Final = ("Name", "Key")
_LABELLED: Final = ("Value", "DefaultValue")


def _label(key: str, block: dict[str, Value]) -> str:
    """What the value at ``key`` stands under: in a pair of a name and a value, the name."""
    label = next((block[name] for name in _LABELS if isinstance(block.get(name), str)), key)
    return label if key in _LABELLED else key


def _option(argument: Value, value: Value) -> str:
    """The name of the option that ``value`` is given to by the ``argument`` before it; nothing where that is none."""
    if not isinstance(argument, str) or not argument.startswith("-") or "=" in argument:
        return ""
    return "" if isinstance(value, str) and value.startswith("-") else argument.lstrip("-")


def _kind(name: str, text: str, script: str) -> str:
    """What kind of secret ``text`` is under ``name``, or holds; ``script`` is the same text with its variables."""
    if len(text) < 4:
        return ""
    if any(hint in text for hint in _HINTS):
        for kind, look in _LOOKS:
            if look.search(text):
                return kind
    named = "." not in name and _names_secret(name, text)
    return "named-secret" if named or _assigns_secret(script) else ""


def _assigns_secret(script: str) -> bool:
    if not any(mark in script for mark in _ASSIGNS):
        return False
    return any(_names_secret(found["name"], found["value"]) for found in _ASSIGNED.finditer(script))


def _names_secret(name: str, value: str) -> bool:
    words = snake_words(name)
    if _NAME.search(words) is None or _NO_SECRET_NAME.search(words) is not None:
        return False
    return not _NO_SECRET.match(value.strip("\"'"))


def snake_words(name: str) -> str:
    """``dbPassword`` as ``db_Password``, so that one pattern fits every spelling."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)


def digest(value: str) -> str:
    """Four hexadecimal digits of the SHA-256: tells a rotated secret from the old one, and is too little to test guesses against."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:4]
