"""The command `clearway`, also `manage.py clearway`: arguments, settings, one verb, its result.

Exit codes: 0 clean, 1 findings or differences, 2 could not run, 130 interrupted. stdout has the result and nothing
else. Verbs that are about a directory read no settings.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .build_arguments import add_build_arguments, add_compress_arguments
from .doctor_arguments import add_doctor_arguments, add_explain_arguments
from .ending import end_soon
from .front_arguments import add_front_arguments, add_trace_arguments
from .init_arguments import add_init_arguments
from .media_arguments import add_media_arguments
from .publish_arguments import add_publish_arguments
from .purge_arguments import add_purge_arguments
from .release_arguments import add_release_arguments
from .retention_arguments import add_pruning, add_retention

if TYPE_CHECKING:
    from .discovery import Choice
    from .releases.text import Paint

# modules of the verbs, imported late: `--version` and `--help` need neither settings nor Django
_BUILDS, _RELEASES = "clearway.build_verb", "clearway.release_verbs"
_PUBLISH, _PURGE = "clearway.publish_verb", "clearway.purge_verb"
_RELEASE = "clearway.release_verb"
_FRONTS = ("clearway.trace_verb", "clearway.front_verb")
_DOCTOR, _INIT = "clearway.doctor_verb", "clearway.init_verb"
_MEDIA = "clearway.media_verb"
_OLDEST = (5, 2)  # Django
_INTERRUPTED, _UNREAD = 130, 141  # as shells have it for SIGINT and SIGPIPE
_REPORTS = ("text", "json", "html", "sarif", "github")
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def parser(prog: str) -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog=prog,
        description="Clearway serves a Django project's static and media files in production.",
        epilog="Settings, commands and how-to pages: the documentation of Clearway.",
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"clearway {__version__}")
    add_base_options(made)
    verbs = made.add_subparsers(metavar="VERB", title="verbs")
    _add_build_verbs(verbs)
    _add_release_verbs(verbs)
    _add_front_verbs(verbs)
    _add_media_verb(verbs)
    _add_doctor_verbs(verbs)
    return made


def _add_build_verbs(verbs: Any) -> None:
    text = "publish a directory without Django: hashed names, encoded variants, a record"
    add_build_arguments(_verb(verbs, "build", f"{_BUILDS}:build", text))
    text = "encode the files of a directory in place, under the names they have"
    add_compress_arguments(_verb(verbs, "compress", f"{_BUILDS}:compress_files", text))


def _add_release_verbs(verbs: Any) -> None:
    text = "check, collect, publish, reload, wait until ready, verify; roll all of it back when one of these fails"
    add_release_arguments(_verb(verbs, "release", f"{_RELEASE}:release", text))
    listing = _release_verb(verbs, "releases", "releases", "list the retained releases")
    _add_target(listing)
    add_retention(listing)
    back = _release_verb(verbs, "rollback", "roll_back", "make an earlier release current")
    _add_target(back)
    back.add_argument("release", nargs="?", metavar="ID", help="its id, or how it begins (default: the one before)")
    _dry(back)
    prune = _release_verb(verbs, "prune", "prune_releases", "remove the releases that are past retention")
    _add_target(prune)
    add_retention(prune)
    add_pruning(prune)
    _dry(prune)
    verify = _release_verb(verbs, "verify", "verify_releases", "compare the files with the records")
    _add_target(verify)
    verify.add_argument("--url", metavar="URL", help="ask this site for the files instead")
    text = "take over the files that pages of an older deployment need"
    bridge = _release_verb(verbs, "bridge", "bridge_from", text)
    _add_target(bridge)
    bridge.add_argument(
        "source", metavar="FROM", help="an old STATIC_ROOT, an old image's tree, a site's address, or a bucket"
    )
    _dry(bridge)
    text = "copy the current release to an object store or a directory: files first, the pointer last"
    publish = _verb(verbs, "publish", f"{_PUBLISH}:publish", text)
    _add_root(publish)
    add_publish_arguments(publish)
    text = "list the URLs without a hash that the current release changed, or make a cache forget them"
    add_purge_arguments(_verb(verbs, "purge", f"{_PURGE}:purge", text))


def _add_front_verbs(verbs: Any) -> None:
    text = "walk URLs through settings, collected files, web server and application; mark the first that is wrong"
    add_trace_arguments(_verb(verbs, "trace", f"{_FRONTS[0]}:trace", text, ("text", "json", "html", "svg")))
    text = "write a web server's configuration for this project, or check one"
    add_front_arguments(_verb(verbs, "front", f"{_FRONTS[1]}:front", text))


def _add_media_verb(verbs: Any) -> None:
    text = "say which uploads no row names, which rows have no file, and which modes and types are wrong"
    media = _verb(verbs, "media", f"{_MEDIA}:report", text)
    actions = media.add_subparsers(metavar="ACTION", title="actions")

    def add_action(name: str, text: str) -> argparse.ArgumentParser:
        made = _verb(actions, name, f"{_MEDIA}:{name}", text)
        next(each for each in made._actions if each.dest == "format").default = argparse.SUPPRESS
        return made

    add_media_arguments(media, add_action)


def _add_doctor_verbs(verbs: Any) -> None:
    text = "set a project up, or take it over from WhiteNoise, ServeStatic or a bucket: shown first, then asked"
    add_init_arguments(_verb(verbs, "init", f"{_INIT}:init", text))
    text = "say what is wrong between source and browser, with proof and what to do"
    add_doctor_arguments(_verb(verbs, "doctor", f"{_DOCTOR}:doctor", text, _REPORTS))
    add_explain_arguments(_verb(verbs, "explain", f"{_DOCTOR}:explain", "print the page of a finding"))


def _release_verb(verbs: Any, name: str, function: str, text: str) -> argparse.ArgumentParser:
    made = _verb(verbs, name, f"{_RELEASES}:{function}", text)
    _add_root(made)
    return made


def _add_root(made: argparse.ArgumentParser) -> None:
    made.add_argument("--root", metavar="DIR", help="a directory that `clearway build` made, instead of a project's")


def _add_target(made: argparse.ArgumentParser) -> None:
    made.add_argument("--target", metavar="TARGET", help="what `clearway publish` published to, instead of a project's")


def _verb(
    verbs: Any, name: str, function: str, text: str, formats: Sequence[str] = ("text", "json")
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
    made.add_argument("--format", choices=formats, default="text", help="for people, or for programs")
    made.set_defaults(verb=function)
    add_base_options(made, argparse.SUPPRESS, about_projects=not function.startswith(_BUILDS))
    return made


def _dry(made: argparse.ArgumentParser) -> None:
    made.add_argument("-n", "--dry-run", action="store_true", help="print the plan and change nothing")


def add_base_options(parser: argparse.ArgumentParser, default: Any = None, *, about_projects: bool = True) -> None:
    """The options that every command of Django takes, with Django's meaning.

    `default` is `argparse.SUPPRESS` below a verb, so that it does not undo what stands before the verb. A verb that
    is about no project takes all of them too, and does not speak of those that mean nothing to it.
    """

    def said(text: str | None) -> str | None:
        return text if about_projects else argparse.SUPPRESS

    off, normal = (default, default) if default else (False, 1)
    group = parser.add_argument_group("as in every command of Django")
    group.add_argument("--settings", metavar="MODULE", default=default, help=said("the settings module"))
    group.add_argument("--pythonpath", metavar="DIRECTORY", default=default, help=said("a directory to import from"))
    group.add_argument("-v", "--verbosity", type=int, choices=range(4), default=normal, metavar="0-3")
    group.add_argument("--traceback", action="store_true", default=off, help="show where an error comes from")
    group.add_argument("--no-color", action="store_true", default=off)
    group.add_argument("--force-color", action="store_true", default=off)
    group.add_argument("--skip-checks", action="store_true", default=off, help=said(None))


def command() -> int:
    """`main` in a process that then ends."""
    code = main()
    end_soon(code)
    return code


def main(arguments: Sequence[str] | None = None, prog: str = "clearway") -> int:
    """Run the command; the exit code. Raises `SystemExit` for wrong usage."""
    made = parser(prog)
    options = made.parse_args(sys.argv[1:] if arguments is None else arguments)
    if not hasattr(options, "verb"):
        made.print_help()
        return 0
    try:
        return _run(options)
    except KeyboardInterrupt:
        _say("interrupted; what was current still is")
        return _INTERRUPTED
    except BrokenPipeError:  # whoever reads the result has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to be flushed at exit
        return _UNREAD
    except Exception as error:
        if options.traceback or not _is_for_the_reader(error):
            raise
        _say(f"error: {error}")
        return 2


def _run(options: argparse.Namespace) -> int:
    if options.format == "text":
        result = _result(options)
    else:
        with redirect_stdout(sys.stderr):  # settings and apps are programs, and some of them print
            result = _result(options)
    if options.format == "json":
        print(result.json(), flush=True)
    elif options.format in result.pages:
        _say_result(result.pages[options.format]())
    else:
        _say_result("\n".join(result.text(painter(options))))
    return int(result.code)


def _result(options: argparse.Namespace) -> Any:
    """What the verb gives, once the settings that it needs are chosen."""
    module, _, function = options.verb.partition(":")
    of_projects = (_MEDIA, _PURGE, _RELEASE)
    if module in of_projects or (module in (_RELEASES, _PUBLISH) and not (options.root or _is_of_store(options))):
        _use_settings(options)
    elif module == _INIT:
        options.choice = _use_settings(options)
    elif module in (*_FRONTS, _DOCTOR) or _is_of_store(options):
        options.choice = _found_settings(options)
        options.has_settings = options.choice is not None
    return getattr(import_module(module), function)(options)


def _is_of_store(options: argparse.Namespace) -> bool:
    return "target" in options and options.verb.startswith(_RELEASES) and bool(options.target)


def _found_settings(options: argparse.Namespace) -> "Choice | None":
    """The same, where there may be no project."""
    from .discovery import NoSettingsError

    try:
        return _use_settings(options)
    except NoSettingsError:
        return None


def _use_settings(options: argparse.Namespace) -> "Choice":
    """Choose the settings, unless manage.py or a test chose them already."""
    from .discovery import VARIABLE, Choice, choose, use

    if options.pythonpath:
        sys.path.insert(0, options.pythonpath)
    if _are_chosen():
        choice = Choice(os.environ.get(VARIABLE, ""), "the running process")
    else:
        choice = choose(options.settings, Path.cwd())
        use(choice)
    _need_django()
    if options.verbosity > 1:
        _say(f"settings: {choice.module}, named by {choice.by}")
    return choice


def _need_django() -> None:
    """Raises `ImportError` for one that a project brings itself, past what was installed with Clearway."""
    try:
        import django
    except ImportError:  # whoever needs it says so
        return
    if django.VERSION < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise ImportError(f"Clearway needs Django {oldest} or newer, and {django.__file__} is {django.get_version()}")


def _are_chosen() -> bool:
    if "django.conf" not in sys.modules:  # nobody can have done it yet, and importing it takes its time
        return False
    from django.conf import settings

    return settings.configured


def _is_for_the_reader(error: Exception) -> bool:
    """Whether the message of an error says what to do, so that nobody needs the traceback."""
    from django.core.exceptions import ImproperlyConfigured

    from .build.errors import BuildError
    from .catalog.errors import RecordError, UnknownReleaseError
    from .discovery import NoSettingsError
    from .editing.errors import EditError
    from .fronts.errors import FrontError
    from .fronts.worker import UnknownWorkerError
    from .releases.errors import ReleaseError
    from .stores.errors import LockedError, StoreError

    ours = (BuildError, EditError, LockedError, NoSettingsError, RecordError, ReleaseError, UnknownReleaseError)
    others = (FrontError, StoreError, UnknownWorkerError)
    return isinstance(error, (*ours, *others, ImproperlyConfigured, ImportError, OSError))


def painter(options: argparse.Namespace) -> "Paint":
    """What gives a text a style, where colours are wanted."""
    coloured = _is_coloured(options)
    return lambda text, style: f"\033[{_CODES[style]}m{text}\033[0m" if coloured else text


def _is_coloured(options: argparse.Namespace) -> bool:
    if options.no_color or options.force_color:
        return bool(options.force_color and not options.no_color)
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _say_result(text: str) -> None:
    """On stdout, where a name that is no text must not end the command."""
    if text:
        print(text.encode("utf-8", "backslashreplace").decode(), flush=True)


def _say(message: str) -> None:
    print(f"clearway: {message}", file=sys.stderr)
