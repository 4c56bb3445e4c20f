"""One request to an interface, as it is."""

from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from .purger import Call

_SECONDS = 20.0
_LARGEST = 1 << 16  # octets of an answer


@dataclass(frozen=True)
class Reply:
    """An answer. `wait` is for how many seconds it asks to be left alone (RFC 9110 §10.2.3)."""

    status: int
    body: bytes = b""
    wait: float | None = None


class _AsTheyCome(HTTPRedirectHandler):
    """Redirects are answers: the secret of a request is for nobody else."""

    def redirect_request(self, *_: object) -> None:
        return None


def send(call: Call) -> Reply:
    """Ask once, through the proxy that the environment names. Raises `OSError` without an answer."""
    fields = {"User-Agent": "clearway", **call.fields}
    try:
        request = Request(call.url, data=call.body or None, headers=fields, method=call.method)
        with build_opener(_AsTheyCome).open(request, timeout=_SECONDS) as found:
            return Reply(found.status, found.read(_LARGEST))
    except HTTPError as error:
        with error:
            return Reply(error.code, error.read(_LARGEST), _seconds(error.headers.get("Retry-After", "")))
    except HTTPException as error:
        raise OSError(f"no HTTP answer ({error!r})") from error
    except ValueError:  # whose message may have the secret in it
        raise OSError("it cannot be sent: a secret with a line break, or with a letter that is no ASCII?") from None


def _seconds(told: str) -> float | None:
    return float(told) if told.isdecimal() else None
