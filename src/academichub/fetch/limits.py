"""How long, how large, how often: the caps on every exchange."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one `Fetcher.get`.

    The times were tried against slow and hostile servers; large reader services use 20 to 60
    seconds and 15 MiB.
    """

    connect_seconds: float = 5.0  # per address of a name, and for the TLS handshake
    read_seconds: float = 15.0  # between two reads
    total_seconds: float = 45.0  # on the network, over all redirects and retries; gates not counted
    gate_seconds: float = 600.0  # the longest wait for a turn at a gate
    redirects: int = 5
    retries: int = 2  # of one hop, after a connection that failed or broke
    ratio: int = 100  # unpacked over packed bytes; feeds pack 3 to 30 times, a gzip bomb 1,000 times
    ratio_floor_bytes: int = MEBIBYTE  # small documents may pack as well as they like
