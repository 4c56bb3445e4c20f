"""Whether something answers static files from their sources, so that nothing has to be collected."""

from .facts import Facts, optional

_SETTINGS = {"whitenoise": "WHITENOISE_USE_FINDERS", "servestatic": "SERVESTATIC_USE_FINDERS"}


def from_sources(facts: Facts) -> str:
    """The setting that says so; empty where there is none. Reads `process` and `settings`."""
    process = optional(lambda: facts.process)
    name = _SETTINGS.get(process.answers, "") if process else ""
    return name if facts.settings.get(name) else ""
