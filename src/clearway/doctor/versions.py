"""Plain names that a project changes itself, with a query behind them."""

from .facts import Facts, optional
from .names import asked

_KINDS = (".css", ".js", ".mjs")


def are_versioned(facts: Facts) -> bool:
    """Whether its templates ask for style sheets and scripts with a query only: `{% static "a.css" %}?v=7`."""
    uses = optional(lambda: facts.templates) or ()
    kinds = [use for use in uses if asked(use.name).endswith(_KINDS)]
    return bool(kinds) and all(use.has_query for use in kinds)
