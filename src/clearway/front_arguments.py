"""What the verbs about fronts take from the command line."""

import argparse
from typing import TYPE_CHECKING

from .fronts.path_map import PathMap
from .fronts.visits import Resolved

if TYPE_CHECKING:
    from .fronts.nginx.installed import Installed


EDGES = ("nginx-edge", "varnish")  # caches in front of a bucket, or of the application
NETWORKS = ("cloudfront", "cloudflare", "fastly", "bunny")


def add_trace_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway trace`."""
    parser.add_argument("urls", nargs="*", metavar="URL", help="http(s)://…, or a path on the project's first host")
    parser.add_argument(
        "--urls-from", action="append", default=[], metavar="FILE", help="more URLs, one a line; - is standard input"
    )
    add_front_options(parser)
    parser.add_argument("--probe", action="store_true", help="also ask the live server, and compare")


def add_front_options(parser: argparse.ArgumentParser) -> None:
    """Which front stands before the project, and who its worker is."""
    fronts = parser.add_mutually_exclusive_group()
    fronts.add_argument("--nginx", metavar="FILE", help="its main file, or the output of nginx -T")
    fronts.add_argument("--caddy", metavar="FILE", help="its Caddyfile")
    fronts.add_argument("--apache", metavar="FILE", help="its main file")
    _add_map(parser)
    parser.add_argument("--worker", metavar="USER[:GROUP]", help="who reads the files, or the number of a live process")
    parser.add_argument(
        "--resolve", type=_resolved, action="append", default=[], metavar="HOST:PORT:ADDRESS", help="as curl has it"
    )
    parser.add_argument(
        "--nginx-version", type=_version, metavar="VERSION", help="of the nginx that loads it, if not the installed one"
    )


def add_front_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway front`."""
    fronts = ("nginx", "caddy", "apache", *EDGES, *NETWORKS)
    parser.add_argument("server", choices=fronts, help="the web server, the cache, or the network")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--snippet", action="store_true", help="what belongs into your own server or site, without its head"
    )
    form.add_argument("--docker", action="store_true", help="for the server's image, in front of a container `app`")
    form.add_argument("--check", metavar="FILE", help="compare a configuration with what the project needs instead")
    parser.add_argument(
        "--upstream", metavar="ADDRESS", help="of the application: HOST:PORT or unix:PATH (127.0.0.1:8000)"
    )
    parser.add_argument(
        "--origin",
        metavar="URL",
        help="where a cache or a network reads the files (the bucket of `publish`, else the application)",
    )
    parser.add_argument(
        "--purge-from",
        type=_network,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="who may tell a cache to forget, beside its own machine; a network as 10.0.0.0/8",
    )
    parser.add_argument("--part", metavar="NAME", help="of a network's configuration, such as `worker`: only this one")
    parser.add_argument("--certificate", metavar="FILE", help="listen on HTTPS with this chain of certificates")
    parser.add_argument("--key", metavar="FILE", help="and this private key")
    parser.add_argument("--nginx-version", type=_version, metavar="VERSION", help="not that of the installed nginx")
    _add_map(parser)


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        type=_pair,
        action="append",
        default=[],
        metavar="/IN=/ON",
        help="a directory in the server's container, and where it is on this machine",
    )


def _network(written: str) -> str:
    from ipaddress import ip_network

    try:
        return str(ip_network(written)).removesuffix("/32").removesuffix("/128")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _version(written: str) -> "Installed":
    from .fronts.nginx.installed import Installed

    try:
        return Installed.parse(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _pair(written: str) -> str:
    try:
        PathMap.parse([written])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return written


def _resolved(written: str) -> str:
    try:
        Resolved.parse([written])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return written
