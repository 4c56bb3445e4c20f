"""What a check of a front's configuration found, as the result of a command."""

from .fronts.checking import Checked
from .fronts.rendering.checked import told
from .results import Result


def checked(main: str, found: Checked) -> Result:
    """Differences make the exit code 1."""
    data = {
        "checked": main,
        "differences": [
            {
                "about": each.about,
                "target": each.target,
                "problem": each.problem,
                "location": {"file": each.location.file, "line": each.location.line} if each.location else None,
                "solved": each.solved,
            }
            for each in found.lacks
        ],
        "unknown": list(found.unknown),
        "patch": "\n".join(found.patch),
    }
    return Result(data, lambda paint: told(main, found, paint), 1 if found.lacks else 0)
