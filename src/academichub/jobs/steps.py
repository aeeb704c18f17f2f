"""Remember what a job has already done. The only part of this room that a flow needs to know."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

from academichub.errors import AcademicHubError, JobsError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

T = TypeVar("T")

# Set while a job runs, in its own thread: the bell that the engine rings when it wants to stop.
closing_bell: ContextVar[threading.Event | None] = ContextVar("closing_bell", default=None)


class Interrupted(BaseException):
    """The engine stops; the job leaves here and is taken up again from its last step.

    Not an Exception: no job can take it for a failure of its own.
    """


def step(name: str, function: Callable[[], T]) -> T:
    """Do one step of a job and remember its result; outside a job simply do it.

    When a job is run again after its worker died, finished steps are not done again: they give what they
    gave then. The step that was under way is done again from its start, so a step may happen more than once.
    A job must come by the same steps in the same order every time.

    Args:
        name: Names the step, the same each time.
        function: Does the step. Its result must be a JSON value, and comes back as JSON gives it (a tuple
            as a list), the first time too. An error of ours is remembered like a result.

    Raises:
        JobsError: On a later run only: the step had failed with an error that is not ours.
        TypeError: The result is no JSON value.
    """
    bell = closing_bell.get()
    if bell is None:
        return function()
    heed(bell)
    from dbos import DBOS, PortableWorkflowError

    raised: list[AcademicHubError] = []

    def remember() -> dict[str, Any]:
        try:
            return {"gave": json.loads(json.dumps(function(), allow_nan=False))}
        except AcademicHubError as error:
            raised.append(error)
            return {"error": error.code, "facts": error.facts}

    try:
        remembered = DBOS.run_step({"name": name}, remember)
    except PortableWorkflowError as error:
        raise JobsError(job=DBOS.workflow_id, reason=f"{error.name}: {error.message}") from error
    if "error" in remembered:
        raise raised[0] if raised else _named(remembered["error"], remembered["facts"])
    return cast("T", remembered["gave"])


def heed(bell: threading.Event) -> None:
    """Leave the job if the engine wants to stop."""
    if bell.is_set():
        raise Interrupted


def _named(code: str, facts: dict[str, Any]) -> AcademicHubError:
    for known in _family(AcademicHubError):
        if known.code == code:
            return known(**facts)
    return JobsError(job=None, reason=code)


def _family(error: type[AcademicHubError]) -> Iterator[type[AcademicHubError]]:
    yield error
    for child in error.__subclasses__():
        yield from _family(child)
