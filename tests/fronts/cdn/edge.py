"""Edge programs, run under node: the functions of CloudFront, and a Worker over a store that is a table."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs node")

_FUNCTION = """
const told = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(told.map((event) => handler(event))));
"""
_WORKER = """
import { readFileSync } from 'fs';
import worker from './worker.mjs';
const { objects, requests } = JSON.parse(readFileSync(0, 'utf8'));
const answers = [];
for (const [method, url, headers] of requests) {
  const asked = [];
  globalThis.fetch = async (target, options) => {
    asked.push([options.method, String(target), [...new Headers(options.headers)].map((row) => row.join(': '))]);
    const found = objects[String(target)];
    if (!found) return new Response('none', { status: objects.missing || 404, headers: { 'Set-Cookie': 'a=b' } });
    return new Response(options.method === 'HEAD' ? null : found.body, { status: 200, headers: found.headers });
  };
  const response = await worker.fetch(new Request(url, { method, headers }), {}, {});
  const body = response.body ? await response.text() : '';
  answers.push({ status: response.status, headers: Object.fromEntries(response.headers), body, asked });
}
console.log(JSON.stringify(answers));
"""


def handled(function: str, events: Sequence[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What a function of CloudFront makes of each event."""
    return _run(folder / "function.js", function + _FUNCTION, list(events))


def fetched(worker: str, objects: Mapping[str, Any], requests: Sequence[Any], folder: Path) -> list[dict[str, Any]]:
    """What a Worker answers to each (method, URL, header fields) over a store of objects by their URLs."""
    (folder / "worker.mjs").write_text(worker, encoding="utf-8")
    return _run(folder / "run.mjs", _WORKER, {"objects": objects, "requests": list(requests)})


def _run(path: Path, program: str, told: Any) -> list[dict[str, Any]]:
    assert NODE
    path.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [NODE, str(path)], input=json.dumps(told), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read
