"""`clearway init`: the project's own files are edited and Clearway serves its static files: shown first, then asked."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .cli import painter
from .discovery import NoSettingsError
from .editing.diff import diff
from .editing.edit import lines
from .editing.errors import EditError
from .editing.names import short
from .editing.writing import Written, undo, write
from .init_text import counted, ended, proposed
from .results import Result

if TYPE_CHECKING:
    from .init.plan import Place, Plan
    from .init.refusal import Refusal
    from .releases.text import Paint

_EXTRA = 'clearway init needs tokenize-rt: python -m pip install "clearway[init]"'
_REPOSITORIES = (".git", ".hg", ".svn", ".jj")


def init(options: Namespace) -> Result:
    """Show the edits, and make them when they are agreed to. Raises `EditError`, `ImportError` or `NoSettingsError`."""
    if find_spec("tokenize_rt") is None:
        raise ImportError(_EXTRA)
    made = _plan(options)
    if not made.edits or options.diff:
        return _result(options, made, counted(made, "; nothing was written" if made.edits else ""))
    _show(options, made)
    if not _is_agreed(options, made):
        return _result(options, made, counted(made, "; nothing was written (--yes writes without asking)"), shown=True)
    written = _write(made)
    if problem := _tried(made):
        _undo(written)
        raise EditError(f"everything is as it was before, because with the edits {problem}")
    made = replace(made, refusals=[_where_it_is_now(each, made) for each in made.refusals])
    return _result(options, made, counted(made, "").replace(" to change", " changed"), written, shown=True)


# --- what is to be done


def _plan(options: Namespace) -> "Plan":
    from django.conf import settings

    from .doctor_facts.origin import origin_of
    from .init.modules import Modules
    from .init.plan import plan

    place, module = _place(options), options.choice.module
    origin = origin_of(options.choice)  # imports the settings, and loads the applications where they can be
    if not settings.configured:
        return _of_classes(place, module, origin)
    from .init_settings import notes, own_modules, values

    module = settings.SETTINGS_MODULE
    modules = Modules(module or "", own_modules(place.above))
    if not isinstance(module, str) or modules.source(module) is None:
        raise NoSettingsError(f"{module or 'what is configured'} is no file below {place.above}: give --settings")
    now = values()
    made = plan(modules, now, place, __version__, to_leave_bucket=options.static_from_bucket)
    if options.deploy:
        from .init_deploy import deployment

        edits, refusals, said = deployment(options.deploy, modules, now, place)
        made = made.also(edits, refusals, said)
    seen = {source.module for source in modules.chain()}
    others = [name for name in (origin.others if origin is not None else ()) if name not in seen]
    return replace(made, notes=[*made.notes, *notes(others)])


def _of_classes(place: "Place", module: str, origin: Any) -> "Plan":
    """Where the settings cannot be imported: what a person can do. Raises `NoSettingsError` where that is nothing."""
    from .init.modules import Modules
    from .init.plan import plan_of_classes

    path = place.folder.joinpath(*module.split("."))
    file = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
    modules = Modules(module, {module: file} if file else {})
    made = None
    with suppress(EditError):  # what is no Python is said below
        made = plan_of_classes(modules) if modules.source(module) else None
    if made is None:
        where = f"{short(Path(origin.location.file))}:{origin.location.line}: " if origin.location else ""
        raise NoSettingsError(f"the settings {module} cannot be imported: {where}{origin.problem}")
    return made


def _place(options: Namespace) -> "Place":
    from .init.plan import Place

    folder = (options.choice.path or _imported_from(options.choice.module) or Path.cwd()).resolve()
    around = (each for each in (folder, *folder.parents) if each not in (Path.home(), Path("/")))
    above = next((each for each in around if any((each / name).exists() for name in _REPOSITORIES)), folder)
    return Place(folder, above)


def _imported_from(module: str) -> Path | None:
    """The directory that is on the path for a module; None where it is not imported."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:
        return None
    path = Path(file)
    return path.parents[module.count(".") + (path.name == "__init__.py")]


# --- asking and doing


def _show(options: Namespace, made: "Plan") -> None:
    """Before anything is done: on stdout, or beside it where that is for programs."""
    stream = sys.stdout if options.format == "text" else sys.stderr
    paint = painter(options)
    for line in (*_about(options, paint), *proposed(made, paint)):
        print(line.encode("utf-8", "backslashreplace").decode(), file=stream)
    stream.flush()


def _about(options: Namespace, paint: "Paint") -> list[str]:
    return [paint(f"settings {options.choice.module}, named by {options.choice.by}", "dim"), ""]


def _is_agreed(options: Namespace, made: "Plan") -> bool:
    if options.yes:
        return True
    files = "1 file" if len(made.edits) == 1 else f"{len(made.edits)} files"
    print(f"Change {files}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(made: "Plan") -> list[Written]:
    written: list[Written] = []
    try:
        for edit in made.edits:
            written.append(write(edit))  # noqa: PERF401 - what is written so far is undone where the next cannot be
    except EditError:
        _undo(written)
        raise
    return written


def _undo(written: Sequence[Written]) -> None:
    """The files as they were, from the backups."""
    for each in reversed(written):
        undo(each)


def _where_it_is_now(refusal: "Refusal", made: "Plan") -> "Refusal":
    from .init.line_numbers import counterpart

    edit = next((each for each in made.edits if each.path == refusal.path), None)
    if edit is None:
        return refusal
    return replace(refusal, line=counterpart(lines(edit.before or b""), lines(edit.after), refusal.line))


def _tried(made: "Plan") -> str:
    from django.apps import apps

    from .init_trial import problem

    return problem(made.wanted, set_up=apps.ready)


# --- telling


def _result(
    options: Namespace, made: "Plan", said: str, written: Sequence[Written] = (), *, shown: bool = False
) -> Result:
    backups = [each.backup for each in written if each.backup]
    data = {
        "settings": options.choice.module,
        "files": [short(edit.path) for edit in made.edits],
        "diff": diff(made.edits),
        "written": bool(written),
        "backups": [short(path) for path in backups],
        "by_hand": [
            {
                "about": each.about,
                "file": short(each.path),
                "line": each.line,
                "reason": each.reason,
                "lines": [*each.lines],
            }
            for each in made.refusals
        ],
        "notes": list(made.notes),
    }
    left = bool(made.refusals) or bool(made.edits and not written)
    return Result(
        data,
        lambda paint: [
            *(() if shown else (*_about(options, paint), *proposed(made, paint))),
            *(ended([each.path for each in written], backups, paint) if written else ()),
            paint(said, "bold"),
        ],
        int(left),
    )
