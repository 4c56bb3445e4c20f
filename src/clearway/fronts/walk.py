"""The walk of one request through a configuration, which ends in a road whatever is written there."""

from collections.abc import Callable

from .errors import ConfigurationError
from .road import Outcome, Road, Step
from .unknowable import Unknowable


def walked(front: str, program: str, walk: Callable[[list[Step]], Road]) -> Road:
    """The road of a walk, which appends its steps to the list; also of one that what is written brings to an end.

    `front` is the name of a step's layer and of who answers, `program` the server's name in a sentence.
    """
    steps: list[Step] = []
    try:
        return walk(steps)
    except Unknowable as unknowable:
        return Road(tuple(steps), Outcome(front, unknown=unknowable.sentence))
    except ConfigurationError as error:
        steps.append(Step(front, f"{program} refuses this: {error.message}", error.location, ok=False))
        return Road(tuple(steps), Outcome(front, unknown=f"{program} refuses the configuration: {error.message}."))
    except (IndexError, ValueError, RecursionError) as error:  # a word missing, or no number; a map that asks itself
        steps.append(Step(front, f"a directive here is none that {program} takes ({error})", ok=False))
        return Road(tuple(steps), Outcome(front, unknown=f"A directive on the way is none that {program} takes."))
