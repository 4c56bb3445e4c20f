"""Whether a policy keeps the files of a project from the web server: by a refusal, a label, or a profile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename

from clearway.doctor.buckets.refusals import lines as saved_lines
from clearway.doctor.facts import Facts, Unavailable, optional
from clearway.doctor.stretches.passage import Passage, passages
from clearway.fronts.front import Front
from clearway.fronts.permission import judge
from clearway.fronts.road import Location

from .error_log import denied, is_later
from .refusal import Refusal, refusals
from .system import Enforced

_SERVERS = ("nginx", "httpd", "apache2", "caddy")
_WRITERS = ("gunicorn", "uvicorn", "uwsgi", "python", "daphne", "granian", "hypercorn")
_DOMAIN = "httpd_t"
_CLOSED = {  # labels that httpd_t may not read, with the switch that lets it
    "user_home_t": "httpd_read_user_content",
    "user_home_dir_t": "httpd_enable_homedirs",
    "admin_home_t": "",
    "default_t": "",
    "user_tmp_t": "",
    "unlabeled_t": "",
    "nfs_t": "httpd_use_nfs",
    "cifs_t": "httpd_use_cifs",
    "fusefs_t": "httpd_use_fusefs",
}
_SAVED = r"avc:\s+denied|apparmor=\"DENIED\"|type=PATH|connect\(\) to .* failed \("


@dataclass(frozen=True)
class Judged:
    """Who refuses what to whom; `kind` is what does not arrive, `root` the directory of these files."""

    by: str
    program: str
    what: str
    kind: str
    root: str
    proof: Sequence[str]
    location: Location | None = None
    is_write: bool = False
    profile: str = ""


@dataclass(frozen=True)
class _Place:
    """Files of a kind: their directory as the front names it, and one of them here, where it is known."""

    kind: str
    root: str
    file: str = ""
    passage: Passage | None = None


def judged(facts: Facts) -> Judged | None:
    """The first that is proven; None where the modes refuse already, or nothing does. Raises `Unavailable`."""
    enforced, places = facts.enforced, list(_places(facts))
    if any(_is_closed(each) for each in places):
        return None
    front = optional(lambda: facts.front)
    own = list(denied(front)) if front and not front.found else []
    lines = [*enforced.refused, *_saved(facts), *own]
    if not (enforced.is_there or lines or front):
        raise Unavailable("neither SELinux nor AppArmor is here, no log of theirs, and no web server's configuration")
    looks = (_by_line(lines, places, enforced), _by_label(enforced, places), _by_profile(enforced, places))
    return next((each for each in (*looks, _by_error_log(front, own, enforced, places)) if each), None)


def _places(facts: Facts) -> Iterator[_Place]:
    """Where the front looks, and the directories of the settings."""
    front = optional(lambda: facts.front)
    for kind in ("static", "media"):
        root = str(facts.settings.get(f"{kind.upper()}_ROOT") or "")
        if root:
            own = next(iter(passages(facts, kind)), None) if front and not front.found else None
            there = front.paths.there(str(Path(root).absolute())) if front else str(Path(root).absolute())
            yield _Place(kind, there.rstrip("/"), own.sample.file if own else "", own)
            if own and own.looked.endswith(f"/{own.sample.name}"):
                yield _Place(kind, own.looked.removesuffix(f"/{own.sample.name}"))


def _is_closed(place: _Place) -> bool:
    """Whether the worker may not read the file by its mode: that is told by another check."""
    passage = place.passage
    if passage is None or passage.front.worker.is_guess or not Path(place.file).exists():
        return False
    return judge(passage.front.worker.worker, place.file).allowed is False


def _saved(facts: Facts) -> list[Refusal]:
    """In logs that were saved in the project."""
    papers = optional(lambda: facts.papers)
    return list(refusals(saved_lines(papers, _SAVED))) if papers else []


def _by_line(lines: Sequence[Refusal], places: Sequence[_Place], enforced: Enforced) -> Judged | None:
    for line in reversed(lines):
        is_server = line.program.startswith(_SERVERS) or line.subject == _DOMAIN or "nginx" in line.subject
        if line.by == "SELinux" and line.is_of_socket and is_server:
            what = "a connection to the application"
            return Judged(line.by, line.program or "httpd", what, "page", "", (_quoted(line),), line.location)
        for place in places:
            is_ours = is_server or (place.kind == "media" and line.program.startswith(_WRITERS))
            if is_ours and line.by and _is_below(line, place) and not _is_mended(line, enforced):
                return _of_line(line, place)
    return None


def _of_line(line: Refusal, place: _Place) -> Judged:
    is_write = (
        any(word in line.rights for word in ("write", "create", "add_name", "w", "c")) and "read" not in line.rights
    )
    program = line.program or basename(line.subject)
    what = f"{'writing' if is_write else 'reading'} {line.path}"
    proof = [_quoted(line), *_mode(place)]
    return Judged(line.by, program, what, place.kind, place.root, proof, line.location, is_write, line.subject)


def _is_below(line: Refusal, place: _Place) -> bool:
    """Whether a line is about a file of the place; of a name alone, whether it is one on the way to them."""
    if line.path.startswith("/"):
        return f"{line.path}/".startswith(f"{place.root}/") or f"{place.root}/".startswith(f"{line.path.rstrip('/')}/")
    names = place.root.strip("/").split("/") if line.kind == "dir" else [basename(place.file)]
    return bool(line.path) and line.path in names


def _is_mended(line: Refusal, enforced: Enforced) -> bool:
    """Whether the file has another label by now."""
    label = enforced.label_of(line.path) if line.by == "SELinux" and line.path.startswith("/") else ""
    return bool(label) and _type(label) != line.label


def _by_label(enforced: Enforced, places: Sequence[_Place]) -> Judged | None:
    """For a worker whose domain is known to be the one that these labels are closed to."""
    for place in places if enforced.enforcing and enforced.domain == _DOMAIN else ():
        label = _type(enforced.label_of(place.file)) if place.file else ""
        switch = _CLOSED.get(label)
        if switch is not None and switch not in enforced.booleans:
            proof = [f"{place.file} has the label {label}, which {_DOMAIN} may not read", *_mode(place)]
            if switch:
                proof.append(f"{switch} is off")
            name = place.passage.front.name if place.passage else "httpd"
            return Judged("SELinux", name, f"reading {place.file}", place.kind, place.root, proof)
    return None


def _by_profile(enforced: Enforced, places: Sequence[_Place]) -> Judged | None:
    for place in places:
        if place.file and Path(place.file).exists() and enforced.hides(place.file):
            proof = [f"no rule of the profile {enforced.profile} lets it read {place.file}", *_mode(place)]
            name = place.passage.front.name if place.passage else "the web server"
            what = f"reading {place.file}"
            return Judged("AppArmor", name, what, place.kind, place.root, proof, profile=enforced.profile)
    return None


def _by_error_log(
    front: Front | None, lines: Sequence[Refusal], enforced: Enforced, places: Sequence[_Place]
) -> Judged | None:
    """For a file that the worker may read by its modes, and could not open; who refused, the log does not say."""
    for line in lines if front and not front.worker.is_guess else ():
        for place in places:
            file = front.paths.here(line.path) if front else ""
            if not _is_below(line, place) or not front or judge(front.worker.worker, file).allowed is not True:
                continue
            if enforced.enforcing or enforced.profile or is_later(line, file):
                by = "SELinux" if enforced.enforcing else "AppArmor" if enforced.profile else "SELinux or AppArmor"
                proof = [_quoted(line), f"{front.worker.worker.name} may read it by modes and owners"]
                what = f"reading {line.path}"
                return Judged(
                    by, front.name, what, place.kind, place.root, proof, line.location, profile=enforced.profile
                )
    return None


def _type(label: str) -> str:
    parts = label.split(":")
    return parts[2] if len(parts) > 2 else ""


def _quoted(line: Refusal) -> str:
    return f"{line.location.file}:{line.location.line}: {line.line[:300]}"


def _mode(place: _Place) -> Iterator[str]:
    if place.file and Path(place.file).exists():
        yield f"{place.file} has the mode {Path(place.file).stat().st_mode & 0o7777:04o}"
