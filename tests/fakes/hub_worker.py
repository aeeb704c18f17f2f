"""A hub's worker that notices dead neighbours within seconds: `python -m tests.fakes.hub_worker`."""

from __future__ import annotations

import signal

from academichub import __version__
from academichub.fetch import client
from academichub.fetch.limits import Limits
from academichub.hub import open_hub, utc_now
from academichub.jobs.engine import Tempo
from academichub.store.gates import HostGates

IMPATIENT = Tempo(polling_seconds=0.2, heartbeat_seconds=0.4, reap_after_seconds=2.0, drain_seconds=1.0)


def main() -> None:
    """Work until asked to end (SIGTERM)."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # before any thread starts: all inherit it
    client._HOLD_MARGIN_SECONDS = 1.0  # how long a dead worker keeps a host's gate shut
    with open_hub() as hub:
        web = client.Fetcher(
            gate=HostGates(hub.database),
            contact="",
            version=__version__,
            replay=hub.settings.fetch_replay,
            limits=Limits(total_seconds=3.0),
        )
        with hub.make_engine(web, tempo=IMPATIENT):
            hub.send_for_due(now=utc_now())
            signal.sigwait({signal.SIGTERM})
        web.close()


if __name__ == "__main__":
    main()
