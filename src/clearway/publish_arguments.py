"""The arguments of `clearway publish`."""

from argparse import ArgumentParser

from .http.negotiation import SUFFIXES


def add_publish_arguments(parser: ArgumentParser) -> None:
    """Those beside `--root` and `--format`."""
    parser.add_argument(
        "target",
        nargs="?",
        metavar="TARGET",
        help='s3://bucket/prefix, gs://…, az://… or a directory (CLEARWAY["publish"]["target"])',
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("-n", "--plan", action="store_true", help="say what there is to do and change nothing (default)")
    what.add_argument("--apply", action="store_true", help="do it")
    parser.add_argument("--verify", action="store_true", help="look at every object also when nothing changed")
    parser.add_argument(
        "--coding", choices=[*SUFFIXES], help="publish texts in this content coding only, without variants beside them"
    )
