"""Forget finished jobs after a while. The engine has no such habit of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
BATCH = 500  # one transaction each: short enough that nobody waits for it


def forget_finished(now: datetime, *, days: float) -> int:
    """Delete jobs that ended more than `days` ago; what waits or runs is never touched.

    A job's id is free again once it is forgotten, so "one run per id" holds for `days`.

    Args:
        now: The present, UTC.
        days: How long finished jobs are remembered, > 0.

    Returns:
        The number of jobs forgotten.
    """
    from dbos import DBOS

    before = (now - timedelta(days=days)).isoformat()
    forgotten = 0
    while True:
        old = DBOS.list_workflows(
            status=FINISHED, completed_before=before, limit=BATCH, load_input=False, load_output=False
        )
        if not old:
            return forgotten
        DBOS.delete_workflows([run.workflow_id for run in old])
        forgotten += len(old)
