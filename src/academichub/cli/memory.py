"""Tell Python's cycle collector how this program allocates."""

from __future__ import annotations

import gc

# Objects before a young collection, and young ones before an older. Feeds make many small objects that all
# live until their batch is shelved: at Python's default of 700 a third of an ingest goes to looking through
# them in vain (docs/benchmarks.md). Memory stays bounded: batches are freed by reference counts.
THRESHOLDS = (50_000, 20, 50)


def calm_collector() -> None:
    """Collect less often, and never look at what the imports made: it lives as long as the program."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
