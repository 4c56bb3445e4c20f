"""What a front asks the application for."""

from .road import Outcome, Visit


def sent_target(visit: Visit, outcome: Outcome) -> str:
    """The path of the upstream's address where the front gives one, else the target as it came."""
    _, _, address = (outcome.upstream or "").partition("://")
    if address.startswith("unix:"):
        _, _, sent = address.removeprefix("unix:").partition(":")
    else:
        sent = address[address.find("/") :] if "/" in address else ""
    return sent if sent.startswith("/") else visit.target
