"""What a briefing asks of a language model, whoever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from academichub.model.asking import Answer, Question

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Answer", "Chat", "Question"]


class Chat(Protocol):
    """A language model that is asked one question at a time. Threads may share it."""

    @property
    def model(self) -> str:
        """The model, as its server calls it."""
        ...

    @property
    def context(self) -> int:
        """Tokens that it takes in, question and answer together."""
        ...

    def count(self, text: str) -> int:
        """Estimate the tokens of any text, of any language; rather too many than too few."""
        ...

    def ask(self, question: Question, *, hear: Callable[[int], None] | None = None) -> Answer:
        """Ask, and give the answer once it is complete.

        Args:
            question: What to ask. The same question gets the same answer where that can be had.
            hear: Told about how many tokens have come, thoughts included, at each piece and about once a
                second while none come. What it raises ends the exchange and is passed on.

        Raises:
            ChatUnreachable: No answer now; asking later may help.
            ChatRefused: No answer to this question; asking again does not help.
            SpendingCapped: It would cost more than is allowed.
        """
        ...
