"""The shapes of a question to a language model and of its answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUND: Final = "1"  # of how a question is asked; another one asks everything anew


@dataclass(frozen=True, slots=True)
class Manner:
    """Where a model is asked and how: where it changes, old answers count no more."""

    place: str  # the address, without what may be a secret in it
    thinking_tokens: int = 0  # that each answer may have on top of its own


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked. Its words say what form the answer has; the schema only holds it to that.

    Two questions with the same words, schema and limit are the same question, whatever they are for.
    """

    system: str
    user: str
    schema: Mapping[str, Any] | None  # JSON schema of the answer; None: prose
    most_tokens: int  # of the answer, >= 1
    purpose: str  # "evidence", "plan", "section", "summary", "title", ...; for the ledger, not sent
    section: str = ""  # as in `Fallback.section`; not sent

    @property
    def wording(self) -> str:
        """Everything that is sent as one text, for counting its tokens."""
        schema = "" if self.schema is None else json.dumps(self.schema, ensure_ascii=False)
        return f"{self.system}\n{self.user}\n{schema}"

    def fingerprint(self, *, model: str, manner: Manner) -> str:
        """Name this question to this model: 64 hexadecimal digits, under which its answer is kept."""
        asked = [ROUND, manner.place, manner.thinking_tokens, model]
        sent = [*asked, self.system, self.user, self.schema, self.most_tokens]
        text = json.dumps(sent, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered. The text is as it came: of any form, perhaps empty, never to be trusted."""

    text: str  # without the model's thoughts; no NUL and no half surrogate pair in it
    tokens_in: int  # as the server counts them, else estimated
    tokens_out: int  # thoughts included
    is_cut: bool  # the limit of tokens ended it
    is_refused: bool  # the model, or a filter in front of it, would not answer
    model: str  # as the server names it
