"""Which server takes a request: by address and port first, by name among those that listen there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from clearway.fronts.nginx.listen import Listen, listens
from clearway.fronts.nginx.names import best_name, hostname
from clearway.fronts.nginx.scope import Http, Server
from clearway.fronts.regex import Match, Regex


@dataclass(frozen=True)
class Choice:
    """The server, the socket it was reached by, why, and what its regular expression captured."""

    server: Server
    listen: Listen
    reason: str
    match: Match | None = None
    first: Server | None = None  # the default one, which reads the request line


Candidate = tuple[Listen, Server]


def choose(http: Http, host: str, port: int, address: str | None) -> Choice | None:
    """None where nothing listens. `host` in lower case without port. Raises Unknowable."""
    there = [(each, server) for server in http.servers for each in listens(server) if each.port == port]
    shared = {each.address for each, _ in there if each.both}  # one socket: what one says of it holds for all
    there = [(replace(each, both=each.address in shared), server) for each, server in there]
    there = _most_specific(there, address or _literal(host, there))
    if not there:
        return None
    default = _default(there, host)
    return replace(_named(there, host) or default, first=default.server)


def _literal(host: str, there: list[Candidate]) -> str | None:
    """Where the address is unknown and the host is one that somebody listens on, it is taken for the address."""
    return host if any(listen.address == host for listen, _ in there) else None


def _most_specific(there: list[Candidate], address: str | None) -> list[Candidate]:
    """A socket bound to the address itself takes everything that comes there."""
    fitting = [each for each in there if each[0].takes(address)]
    if address is None:
        return fitting
    bound = [each for each in fitting if not each[0].is_wild]
    own_family = [each for each in fitting if each[0].address == ("[::]" if ":" in address else "*")]
    return bound or own_family or fitting


def _default(there: list[Candidate], host: str) -> Choice:
    marked = [each for each in there if each[0].is_default]
    wild = [each for each in there if each[0].is_wild]
    listen, server = (marked or wild or there)[0]
    why = "is marked default_server" if marked else "is the first that listens there"
    return Choice(server, listen, f"no server_name is {host or 'empty'}: this server {why}")


def _named(there: list[Candidate], host: str) -> Choice | None:
    """Exact, longest `*.suffix`, longest `prefix.*`, first regular expression; of equal names the first."""
    names: dict[str, Candidate] = {}
    seen: set[str] = set()
    for name, candidate in _names(there):
        if not _is_taken(name, seen):
            names.setdefault(name, candidate)
    best = best_name((name for name in names if not name.startswith("~")), host)
    if best is None:
        return _by_regex(names, host)
    listen, server = names[best]
    why = f"{best or 'is empty, as the host'}" if best == host else f"{best} fits {host}"
    return Choice(server, listen, f"server_name {why}")


def _names(there: Iterable[Candidate]) -> Iterator[tuple[str, Candidate]]:
    for candidate in there:
        for written in candidate[1].names:
            if written == "$hostname":
                yield hostname(), candidate
            else:
                yield written if written.startswith("~") else written.lower(), candidate


def _is_taken(name: str, seen: set[str]) -> bool:
    """Whether an earlier name is in the way; `.suffix` is the suffix and `*.suffix`, and falls with either."""
    parts = [name[1:], f"*{name}"] if name.startswith(".") else [name]
    for part in parts:
        if part in seen:
            return True
        seen.add(part)
    return False


def _by_regex(names: dict[str, Candidate], host: str) -> Choice | None:
    for name, (listen, server) in names.items():
        if name.startswith("~"):
            match = Regex(name[1:], caseless=name != name.lower()).match(host)
            if match:
                return Choice(server, listen, f"server_name {name} matches {host}", match)
    return None
