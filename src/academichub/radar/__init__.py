"""Ranking: a reader's interest and papers in, an explained order out. Pure and deterministic."""
