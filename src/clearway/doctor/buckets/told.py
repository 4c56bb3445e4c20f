"""What files of the project say of buckets: answers of `aws s3api`, CloudFormation, Terraform and its state."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clearway.doctor.deployed.documents import parts
from clearway.doctor.deployed.yaml import Document
from clearway.doctor.facts import Tree
from clearway.fronts.road import Location

from .hcl import Block, blocks

OWNERSHIP, BLOCKED, CORS, REGION = "ownership", "blocked", "cors", "region"
FLAGS = ("blockpublicacls", "ignorepublicacls", "blockpublicpolicy", "restrictpublicbuckets")
_NO_ACLS = frozenset({"bucketownerenforced"})
_LineOf = Callable[[tuple[str | int, ...], str], int]


@dataclass(frozen=True)
class Told:
    """One thing that is said of a bucket, whose name is empty where the file does not say it.

    `value` is for `ownership` whether ACLs are refused, for `blocked` the flags that are on (all of them where public
    access is prevented as a whole), for `cors` the rules as (origins, methods), for `region` its name.
    """

    about: str
    bucket: str
    value: Any
    quote: str
    location: Location


def told_of(papers: Tree, about: str, bucket: str) -> Told | None:
    """What is said of a bucket of this name; else of one without a name, unless that is said in several ways."""
    said = [each for each in _told(papers.root, tuple(papers.texts.items())) if each.about == about]
    named = [each for each in said if each.bucket == bucket and bucket]
    if named:
        return named[-1]
    nameless = [each for each in said if not each.bucket]
    return nameless[-1] if nameless and all(each.value == nameless[0].value for each in nameless) else None


@lru_cache(4)
def _told(root: str, texts: Sequence[tuple[str, str]]) -> tuple[Told, ...]:
    tree = Tree(root, dict(texts))
    return tuple(each for name in tree.texts for each in _of_file(tree, name))


def _of_file(tree: Tree, name: str) -> Iterator[Told]:
    text = tree.texts[name]
    if name.endswith(".tf"):
        known = list(blocks(text))
        for block in known:
            yield from _of_block(tree, name, block, known)
    elif name.endswith((".json", ".tfstate", ".template", ".txt", ".out")) and text.lstrip()[:1] in ("{", "["):
        yield from _of_json(tree, name)
    elif name.endswith((".yaml", ".yml", ".template")):
        for document in parts(text):
            yield from _walk(tree, name, document.value, "", (), _by_path(document))
    elif name.endswith((".sh", "Makefile")):
        yield from _of_script(tree, name)
    if "NoSuchCORSConfiguration" in text:
        number, line = next((at, line) for at, line in tree.lines(name) if "NoSuchCORSConfiguration" in line)
        yield Told(CORS, "", (), line.strip(), tree.location(name, number))


def _of_json(tree: Tree, name: str) -> Iterator[Told]:
    try:
        value = json.loads(tree.texts[name])
    except (ValueError, RecursionError):
        return

    def line_of(_: tuple[str | int, ...], key: str) -> int:
        return next((at for at, line in tree.lines(name) if f'"{key}"' in line), 1)

    yield from _walk(tree, name, value, "", (), line_of)


def _of_script(tree: Tree, name: str) -> Iterator[Told]:
    """What `aws s3api put-…` sets: a line, with those that it goes on in."""
    held, first = "", 0
    for number, line in tree.lines(name):
        first, held = (first if held else number), held + line.rstrip("\\") + " "
        if line.endswith("\\"):
            continue
        values = dict(re.findall(r"\b(ObjectOwnership|(?:Block|Ignore)Public\w+|RestrictPublicBuckets)=(\w+)", held))
        bucket = re.search(r"--bucket[ =]\"?([\w.-]+)\"?(?:\s|$)", held)
        yield from _walk(tree, name, values, bucket[1] if bucket else "", (), _always(first))
        held = ""


def _always(line: int) -> _LineOf:
    return lambda _, __: line


def _by_path(document: Document) -> _LineOf:
    return lambda path, key: document.line(*path, key)


def _of_block(tree: Tree, name: str, block: Block, known: Sequence[Block]) -> Iterator[Told]:
    if block.type == "module" or "bucket" in block.type or "storage_account" in block.type:
        values = {**block.values, "bucket": _bucket(block, known)}
        yield from _walk(tree, name, values, "", (), lambda _, key: _line_in(tree, name, block.line, key))


def _bucket(block: Block, known: Sequence[Block]) -> str:
    """The name of the bucket that a block is about; empty where it is a variable."""
    written = block.values.get("bucket") or block.values.get("name") or ""
    reference = re.search(r"\b(?:aws_s3_bucket|google_storage_bucket)\.([\w-]+)", str(written))
    if reference:
        own = next((each for each in known if each.name == reference[1] and each.type.endswith("_bucket")), None)
        written = (own.values.get("bucket") or own.values.get("name") or "") if own else ""
    return "" if "$" in str(written) else str(written)


def _line_in(tree: Tree, name: str, first: int, key: str) -> int:
    return next((at for at, line in tree.lines(name) if at >= first and re.match(rf"\s*\"?{key}\b", line)), first)


def _walk(
    tree: Tree, name: str, value: Any, bucket: str, path: tuple[str | int, ...], line_of: _LineOf
) -> Iterator[Told]:
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _walk(tree, name, each, bucket, (*path, place), line_of)
    if not isinstance(value, dict):
        return
    bucket = next((_plain(value[key]) for key in ("BucketName", "bucket") if isinstance(value.get(key), str)), bucket)
    keys = {str(key).replace("_", "").lower(): str(key) for key in value}
    for about, wanted, read in _READERS:
        if wanted in keys and (found := read(value[keys[wanted]], value, keys)) is not None:
            where = tree.location(name, line_of(path, keys[wanted]))
            yield Told(about, bucket, found, _quote(tree, where, name), where)
    for key, each in value.items():
        yield from _walk(tree, name, each, bucket, (*path, str(key)), line_of)


def _plain(name: str) -> str:
    return "" if "$" in name or "!" in name else name


def _quote(tree: Tree, place: Location, name: str) -> str:
    lines = tree.texts[name].splitlines()
    return lines[place.line - 1].strip().rstrip(",") if place.line <= len(lines) else ""


# --- values of a key, None where they say nothing


def _ownership(value: Any, *_: Any) -> bool | None:
    return str(value).lower() in _NO_ACLS if isinstance(value, str) and "$" not in value else None


def _uniform(value: Any, *_: Any) -> bool | None:
    given = value.get("enabled") if isinstance(value, dict) else value
    return True if _is_true(given) else None


def _prevention(value: Any, *_: Any) -> frozenset[str] | None:
    return frozenset(FLAGS) if str(value).lower() == "enforced" else None


def _not_allowed(value: Any, *_: Any) -> frozenset[str] | None:
    return frozenset(FLAGS) if value is False or str(value).lower() == "false" else None


def _flags(_: Any, values: Mapping[str, Any], keys: Mapping[str, str]) -> frozenset[str] | None:
    given = {flag: values[keys[flag]] for flag in FLAGS if flag in keys}
    return frozenset(flag for flag, value in given.items() if _is_true(value))


def _cors(value: Any, *_: Any) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] | None:
    rules = value if isinstance(value, list) else [value]
    return tuple(
        (_texts(rule, "allowedorigins"), _texts(rule, "allowedmethods")) for rule in rules if isinstance(rule, dict)
    )


def _texts(rule: Mapping[str, Any], wanted: str) -> tuple[str, ...]:
    for key, value in rule.items():
        if str(key).replace("_", "").lower() in (wanted, wanted.removesuffix("s"), wanted.removeprefix("allowed")):
            return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
    return ()


def _region(value: Any, *_: Any) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", value) else None


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


_READERS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    (OWNERSHIP, "objectownership", _ownership),
    (OWNERSHIP, "uniformbucketlevelaccess", _uniform),
    *((BLOCKED, flag, _flags) for flag in FLAGS),
    (BLOCKED, "publicaccessprevention", _prevention),
    (BLOCKED, "allowblobpublicaccess", _not_allowed),
    (BLOCKED, "allownesteditemstobepublic", _not_allowed),
    (CORS, "corsrules", _cors),
    (CORS, "corsrule", _cors),
    (REGION, "locationconstraint", _region),
)
