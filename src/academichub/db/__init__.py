"""Engines, transactions, dialect differences, tables, migrations."""
