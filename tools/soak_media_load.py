"""What happens to the site of the media soak: its server is killed, its disk is filled, its clients come again."""

import math
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tools.soak_media_site import Eye, Round, content, key_of

NAMES = ("photo.bin", "report.bin", "../../escape.bin", "CON.bin", "Ünïcode ☕.bin", "n" * 180 + ".bin", ".hidden.bin")
SIZES = (300, 2_000, 30_000, 60_000, 70_000, 200_000, 900_000)  # Django spools what is larger than 65,536
VISITORS = 3
OUT = (httpx.TransportError, httpx.RemoteProtocolError)


@dataclass
class Server:
    """gunicorn: a master and two workers with threads, of this umask."""

    home: Path
    wanted: Round
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = ["--worker-class=gthread", "--threads=6", "--workers=2", "--no-control-socket", "--log-level=warning"]
        command = [sys.executable, "-m", "gunicorn", *options, f"--bind=127.0.0.1:{self.port}", "soak_wsgi"]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.home,
                env=self.wanted.environ(self.home),
                stdout=log,
                stderr=log,
                umask=self.wanted.umask,
                start_new_session=True,
            )

    def workers(self) -> list[int]:
        assert self.process
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_all(self) -> None:
        """SIGKILL for the master and its workers at the same moment, and a new start."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                return httpx.get(f"{self.url}/rows?after=0", timeout=5, trust_env=False).close()
            except OUT:
                time.sleep(0.1)
        raise RuntimeError(f"nothing answers:\n{(self.home / 'server.log').read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Traffic:
    """Uploads until so many were taken or the time is over; what was promised, counted and found."""

    server: Server
    uploads: int
    until: float
    seed: str
    disk: Path | None  # that is filled now and then
    begun: int = 0
    visited: list[int] = field(default_factory=lambda: [0] * VISITORS)  # ids of the last rows that each has opened
    taken: dict[str, tuple[int, str, int]] = field(default_factory=dict)  # id, name and size by key
    refused: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    full_until: float = -math.inf  # when the disk was full for the last time (monotonic seconds)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, clients: int) -> None:
        others = [threading.Thread(target=work) for work in (self._kill, self._fill)]
        others += [threading.Thread(target=self._visit, args=(number,)) for number in range(VISITORS)]
        people = [threading.Thread(target=self._upload_all, args=(number,)) for number in range(clients)]
        for thread in (*others, *people):
            thread.start()
        for thread in people:
            thread.join()
        self.over.set()
        for thread in others:
            thread.join()

    # --- clients

    def _next(self) -> str | None:
        with self.lock:
            self.begun += 1
            is_last = self.begun > self.uploads or time.monotonic() > self.until or len(self.found) > 20
            return None if is_last else f"{self.begun:06}"

    def _upload_all(self, number: int) -> None:
        chance = random.Random(f"{self.seed} {number}")
        with httpx.Client(base_url=self.server.url, timeout=60, trust_env=False, verify=False) as line:
            while key := self._next():
                self._upload(line, key[::-1], chance)

    def _upload(self, line: httpx.Client, key: str, chance: random.Random) -> None:
        """One file, again until it is taken, as people do; some give up in its middle, some are refused by the view."""
        size, name = chance.choice(SIZES), chance.choice(NAMES)
        files = {"file": (name, content(key, size))}
        fate = chance.random()
        if fate < 0.04:
            self._give_up(line.build_request("POST", "/upload", data={"key": key}, files=files))
            return
        data = {"key": key, "refused": "1"} if fate < 0.1 else {"key": key}
        while time.monotonic() < self.until + 60:
            asked = time.monotonic()
            try:
                answer = line.post("/upload", data=data, files=files)
            except OUT:
                self._count("uploads cut off by a kill")
                time.sleep(chance.uniform(0.05, 0.3))
                continue
            if self._judged(key, size, answer, asked):
                return
            time.sleep(chance.uniform(0.05, 0.3))
        self._complain(f"{key} was not taken within a minute after the end")

    def _judged(self, key: str, size: int, answer: httpx.Response, asked: float) -> bool:
        """Whether that was the last word."""
        if answer.status_code == 507:
            self._count("uploads told that the disk is full")
            if not self._was_full(asked):
                self._complain(f"507 for {key}, and the disk was not full")
            return False
        with self.lock:
            if answer.status_code == 200:
                self.taken[key] = (answer.json()["id"], answer.json()["name"], size)
            elif answer.status_code == 409:
                self.refused.add(key)
            else:
                self.found.append(f"{answer.status_code} for the upload of {key}: {_said(answer)}")
        return True

    def _give_up(self, request: httpx.Request) -> None:
        """Half of an upload, and the connection is closed."""
        body = request.read()
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        try:
            with socket.create_connection(("127.0.0.1", self.server.port), 10) as line:
                line.sendall(f"POST /upload HTTP/1.1\r\n{head}\r\n".encode() + body[: len(body) // 2])
        except OSError:
            self._count("uploads cut off by a kill")
        self._count("uploads given up in their middle")

    # --- faults

    def _kill(self) -> None:
        chance = random.Random(f"{self.seed} kill")
        while not self.over.wait(chance.uniform(0.1, 1.2)):
            if chance.random() < 0.5 and (workers := self.server.workers()):
                os.kill(chance.choice(workers), signal.SIGKILL)
                self._count("workers killed")
            else:
                self.server.kill_all()
                self._count("masters killed with their workers")
                self._wait(chance)

    def _wait(self, chance: random.Random) -> None:
        """For the new processes; one time in four the next kill may hit them as they start."""
        if chance.random() < 0.75 and not self.over.is_set():
            self.server.wait()

    def _fill(self) -> None:
        chance = random.Random(f"{self.seed} fill")
        while self.disk and not self.over.wait(chance.uniform(0.3, 2)):
            self.full_until, ballast = math.inf, self.disk / "ballast"
            with ballast.open("wb") as file:
                until = time.monotonic() + chance.uniform(0.2, 1.2)
                while time.monotonic() < until:
                    _fill_up(file.fileno())
                    time.sleep(0.005)
            ballast.unlink()
            self.full_until = time.monotonic()
            self._count("times the disk was full")

    def _was_full(self, asked: float) -> bool:
        return self.full_until >= asked

    # --- visitors

    def _visit(self, number: int) -> None:
        """Follow the rows and open one file of three; what the site names is there and whole."""
        with httpx.Client(base_url=self.server.url, timeout=30, trust_env=False, verify=False) as line:
            while not self.over.wait(0.02):
                try:
                    self._visit_some(line, number, time.monotonic())
                except OUT:
                    self._count("visits cut off by a kill")

    def _visit_some(self, line: httpx.Client, number: int, asked: float) -> None:
        answer = line.get("/rows", params={"after": self.visited[number]})
        if answer.status_code != 200:
            if answer.status_code != 507 or not self._was_full(asked):
                self._complain(f"{answer.status_code} for the rows: {_said(answer)}")
            return
        for id_, key, url in answer.json():
            if id_ % VISITORS != number:
                continue
            file = line.get(url)
            if file.status_code != 200 or key_of(file.content) != key:
                self._complain(f"{file.status_code} for row {id_}, {url}, {len(file.content)} octets")
            self._count("files opened by visitors")
            self.visited[number] = id_

    def _count(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1

    def _complain(self, what: str) -> None:
        with self.lock:
            self.found.append(what)

    def kept(self, eye: Eye) -> list[str]:
        """What was taken and is not there as it was sent."""
        found = []
        for key, (id_, name, size) in self.taken.items():
            path = eye.media / name
            if eye.rows.get(id_) != (key, name):
                found.append(f"{key} was taken as row {id_}, {name}; the row is {eye.rows.get(id_)}")
            elif not path.is_file() or path.read_bytes() != content(key, size):
                found.append(f"{key} is not as it was sent: {name}")
        found += [f"{key} was refused and has a row" for key, _ in eye.rows.values() if key in self.refused]
        return found


def _said(answer: httpx.Response) -> str:
    return " ".join(answer.text[:200].split())


def _fill_up(descriptor: int) -> None:
    """Until nothing more fits."""
    for size in (1 << 20, 1 << 12):
        try:
            while True:
                os.write(descriptor, b"\0" * size)
        except OSError:
            continue
