"""What versions of nginx do differently: `python -m tools.front_nginx_versions [--server PROGRAM]`, case by case.

Each case is asked of the real server and of the router, and compared with what is written of its version.
Exit codes: 0 all as written, 1 not so, 2 could not run.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from clearway.fronts.nginx.versions import Version
from clearway.fronts.road import Outcome
from tools import differ_fronts, front_nginx
from tools.front_asking import Answer
from tools.front_case import Place
from tools.front_nginx import Nginx, NginxError
from tools.front_nginx_version_cases import BROKEN, CASES, REFUSED, UNKNOWN, VersionCase
from tools.front_verdicts import visit


def answered(case: VersionCase, answer: Answer, place: Place) -> str:
    """What the real server has said."""
    if "x-received" in answer.headers:
        return answer.headers["x-received"]
    if case.looks_at in {"status", "upstream"} or answer.status >= 400:
        return str(answer.status)
    return answer.headers.get(case.looks_at, "").removeprefix(f"http://localhost:{place.port}")


def foretold(case: VersionCase, outcome: Outcome, place: Place) -> str:
    """The same of the router."""
    if outcome.unknown:
        return REFUSED if outcome.unknown.startswith("nginx refuses") else UNKNOWN
    if outcome.upstream:
        return outcome.upstream.removeprefix(f"http://{place.upstreams['A']}")
    if case.looks_at in {"status", "upstream"} or (outcome.status or 0) >= 400:
        return str(outcome.status)
    return outcome.headers.get(case.looks_at, "").removeprefix(f"http://localhost:{place.port}")


def compared(server: Nginx, case: VersionCase, version: Version) -> tuple[str, str]:
    """What the real server says of a case, and the router."""
    with server.answered([case.case]) as (placed,):
        place = placed.place
        real = REFUSED if placed.refused else answered(case, placed.answers[0], place)
        road = differ_fronts.nginx_router(placed.main, place.home, version)(visit(case.request, place))
        return real, foretold(case, road.outcome, place)


def wrong_cases(home: Path, program: str) -> int:
    """How many cases are not as written; each is printed."""
    version, wrong = front_nginx.version(program), 0
    with Nginx(home, program) as server:
        for case in CASES:
            expected, (real, said) = case.expected(version), compared(server, case, version)
            is_good = real == said == expected or (expected == BROKEN and said in {UNKNOWN, REFUSED})
            wrong += not is_good
            print(f"{'ok ' if is_good else 'NOT'} {case}: real {real!r}, router {said!r}, written {expected!r}")
    print(f"nginx {'.'.join(map(str, version))}: {len(CASES)} cases, {wrong} not as written")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.front_nginx_versions", description=__doc__)
    parser.add_argument(
        "--server", default=front_nginx.program(), metavar="PROGRAM", help="another nginx than that of this machine"
    )
    program = parser.parse_args(arguments).server
    if not program:
        print("needs nginx", file=sys.stderr)
        return 2
    os.umask(0o022)
    try:
        with tempfile.TemporaryDirectory(prefix="clearway-versions-") as name:
            return 1 if wrong_cases(Path(name).resolve(), program) else 0
    except NginxError as error:
        print(f"could not run: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
