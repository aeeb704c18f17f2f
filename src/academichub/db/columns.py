"""What every table is made of: the metadata, and types of columns that mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import Dialect

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """A UTC instant. SQLite keeps it as text without a zone, so the zone is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and give SQLite one spelling that sorts as text."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant without a time zone reached the database"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the decorator's signature
        """Put UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Lines(TypeDecorator[list[str]]):
    """A list of one-line texts, kept as lines: a card has four, and JSON would cost ten times as much."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # as above
        """Join the lines."""
        return None if value is None else "\n".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002  # as above
        """Split them."""
        return value.split("\n") if value else []


# Identifiers are 64-bit everywhere; SQLite wants the word INTEGER for its row id.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Compared byte by byte on both databases, so that both give the same order.
Ascii = sa.String().with_variant(sa.String(collation="C"), "postgresql")
