"""Our verdicts beside the kernel's: `python -m tools.differ_permissions --seed 1 --trees 5000 [--seconds S]`.

Root is needed: each question is put to the kernel by a child that has become the worker. Exit codes: 0 no difference,
1 a difference, 2 could not run.
"""

import argparse
import ctypes
import errno
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clearway.fronts.permission import Verdict, judge
from clearway.fronts.worker import Worker
from tools.permission_trees import WORKERS, Question, Tree

_TREES_AT_ONCE = 40
_READ_SEARCH = 1 << 2
_KEEP_CAPABILITIES = 8  # PR_SET_KEEPCAPS


@dataclass
class Tally:
    trees: int = 0
    questions: int = 0
    differences: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    deciding: Counter[str] = field(default_factory=Counter)


def become(worker: Worker) -> None:
    """For good: this process is the worker from now on."""
    libc = ctypes.CDLL(None, use_errno=True)
    keeps = worker.uid != 0 and worker.powers.search
    if keeps:
        libc.prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups(worker.groups)
    os.setgid(worker.gid)
    os.setuid(worker.uid)
    if keeps:
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        data = (ctypes.c_uint32 * 6)(_READ_SEARCH, _READ_SEARCH, 0, 0, 0, 0)
        if libc.capset(header, data):
            raise OSError(ctypes.get_errno(), "capset")


def ask(question: Question) -> int:
    """The kernel's errno to the process that runs this; 0 where it may."""
    try:
        _try(question.path, question.wanted)
    except OSError as error:
        return error.errno or -1
    return 0


def _try(path: str, wanted: str) -> None:
    if wanted == "":
        os.stat(path)  # noqa: PTH116 - a Path would lose slashes and dots
    elif wanted == "x":
        os.chdir(path)
        os.chdir("/")
    elif wanted == "wx":
        new = f"{path}/.new"
        os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        os.unlink(new)  # noqa: PTH108
    else:
        flags = os.O_RDONLY if wanted == "r" else os.O_WRONLY
        os.close(os.open(path, flags | os.O_NONBLOCK))


def proves(verdict: Verdict, wanted: str) -> bool:
    """Whether the kernel stops at the component that is named: it can be reached, and it is the one that blocks."""
    if verdict.error != errno.EACCES or verdict.blocking is None:
        return True
    is_parent = verdict.resolved is None
    asked = Question(verdict.blocking + ("/." if is_parent else ""), "" if is_parent else wanted)
    return ask(Question(verdict.blocking, "")) == 0 and ask(asked) == errno.EACCES


def as_worker(worker: Worker, verdicts: Sequence[tuple[Question, Verdict]]) -> list[tuple[int, bool]]:
    """The kernel's answers, from a child."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            become(worker)
            answers = [(ask(question), proves(verdict, question.wanted)) for question, verdict in verdicts]
            with os.fdopen(writing, "w") as out:
                json.dump(answers, out)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as given:
        text = given.read()
    os.waitpid(child, 0)
    return [(error, proven) for error, proven in json.loads(text)]


def is_defined(verdict: Verdict, question: Question) -> bool:
    """What `wanted` says nothing about is not asked: to run a file, to write a directory as a file."""
    if verdict.resolved is None or question.wanted in {"", "r"}:
        return True
    return Path(verdict.resolved).is_dir() == (question.wanted != "w")


def compare(trees: Sequence[Tree], workers: Sequence[Worker], tally: Tally) -> None:
    """Ask both about every tree, as each of the workers."""
    questions = [question for tree in trees for question in tree.questions()]
    for worker in workers:
        judged = [(question, judge(worker, question.path, question.wanted)) for question in questions]
        judged = [(question, verdict) for question, verdict in judged if is_defined(verdict, question)]
        for (question, verdict), (error, proven) in zip(judged, as_worker(worker, judged), strict=True):
            tally.questions += 1
            tally.answers[errno.errorcode.get(error, "allowed")] += 1
            if verdict.error != error or verdict.allowed != (error == 0) or not proven:
                kernel = errno.errorcode.get(error, "allowed")
                told = f"{worker}\n  {question}\n  kernel {kernel}, proven {proven}\n  {verdict}"
                tally.differences.append(told)
    tally.trees += len(trees)


def run(seed: int, trees: int, seconds: float) -> Tally:
    """Until as many trees were asked about, or the time is over."""
    tally, end, number = Tally(), time.monotonic() + seconds, 0
    while number < trees and time.monotonic() < end and len(tally.differences) < 20:
        with tempfile.TemporaryDirectory(prefix="clearway-trees-") as name:
            home = Path(name)
            home.chmod(0o755)
            batch = [
                Tree(home / f"t{each}", Random(f"{seed}:{each}"))
                for each in range(number, min(number + _TREES_AT_ONCE, trees))
            ]
            for tree in batch:
                tree.build()
                tally.features.update(tree.features)
            compare(batch, Random(f"{seed}:{number}").sample(WORKERS, 3), tally)
        number += len(batch)
    return tally


def report(tally: Tally) -> str:
    lines = [f"{tally.trees} trees, {tally.questions} questions, {len(tally.differences)} differences"]
    lines += [f"  {count:>8} {name}" for name, count in tally.answers.most_common()]
    lines += [f"  {count:>8} trees with {name}" for name, count in tally.features.most_common()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.differ_permissions", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    parser.add_argument("--trees", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 600))
    given = parser.parse_args(arguments)
    if sys.platform != "linux" or os.geteuid() != 0:
        print("only on Linux as root", file=sys.stderr)
        return 2
    tally = run(given.seed, given.trees, given.seconds)
    print(report(tally), flush=True)
    for difference in tally.differences[:5]:
        print(difference)
    return 1 if tally.differences else 0


if __name__ == "__main__":
    sys.exit(main())
