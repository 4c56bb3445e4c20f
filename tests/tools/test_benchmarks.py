"""What the benchmarks make of their samples: figures, tables, the chart."""

from xml.etree import ElementTree as ET

import pytest
from benchmarks import publishing, scale, serving
from benchmarks.bucket import kind
from benchmarks.chart import Bars, draw
from benchmarks.measure import Counted, Sample, cell, read_wrk
from benchmarks.serving import Results, beside, chart, tables

PRINTED = """Running 1s test @ http://127.0.0.1:8000/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   364.23us  148.24us   4.32ms   85.22%
    Req/Sec    80.96k     5.41k   90.04k    63.64%
  Latency Distribution
     50%  338.00us
     75%  424.00us
     90%  523.00us
     99%    1.02ms
  88545 requests in 1.10s, 397.25MB read
Requests/sec:  80505.17
Transfer/sec:    361.18MB
"""
SVG = "{http://www.w3.org/2000/svg}"


def sample(used: float, requests: int = 1000, octets: float = 1e9) -> Sample:
    return Sample(used, Counted(requests, requests / 2, octets, 0.5, 2.5), 2.0)


def measured() -> Results:
    results = Results()
    for name, used in (("nginx", 0.01), ("gunicorn, Clearway lane", 0.02), ("uvicorn, WhiteNoise middleware", 0.9)):
        for key in serving.TARGETS:
            if (name, key) != ("nginx", "page"):
                results.samples[name, key] = [sample(used * each) for each in (1, 2, 1.5)]
        results.memory[name] = [(50.0, 1.0)]
        results.sent[name] = "br 2820"
    return results


def test_what_wrk_prints_is_read() -> None:
    assert read_wrk(PRINTED) == Counted(88545, 80505.17, 397.25 * (1 << 20), 0.338, 1.02)


def test_seconds_are_padded_by_wrk() -> None:
    assert read_wrk(PRINTED.replace("    1.02ms", "    1.02s ")).p99 == 1020


def test_no_answer_has_no_latency() -> None:
    none = read_wrk(PRINTED.replace("88545 requests", "0 requests").replace("1.02ms", "0.00us"))
    assert (none.requests, cell([none.p99])) == (0, "–")


def test_figures_of_a_sample() -> None:
    one = sample(0.05)
    assert (one.cpu, one.speed) == (50.0, 500.0)
    assert one.cpu_for(10_000_000) == pytest.approx(500.0)
    assert cell([3.0, 1.0, 2.0], 1) == "2.0 (1.0–3.0)"
    assert cell([]) == "–"


def test_the_lanes_are_compared_with_the_reference_of_the_same_round() -> None:
    rows = beside(measured()).splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| gunicorn, Clearway lane"]
    assert rows[2].count("2.00 (2.00–2.00)") == len(serving.TARGETS) - 1


def test_tables_have_every_server_and_target() -> None:
    text = tables(measured())
    assert text.count("| uvicorn, WhiteNoise middleware |") == 4
    assert all(target.title in text for target in serving.TARGETS.values())
    assert "| nginx | 15 (10–20) |" in text


def test_no_table_needs_a_reference() -> None:
    results = measured()
    results.samples = {key: value for key, value in results.samples.items() if key[0] != "nginx"}
    assert beside(results) == ""
    assert "gunicorn, Clearway lane" in tables(results)


def test_the_chart_is_an_image_that_says_what_it_shows() -> None:
    root = ET.fromstring(chart(measured()))
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert root.find(f"{SVG}title") is not None
    assert {"nginx", "gunicorn, Clearway lane", "15.0", "1,350"} <= set(texts)
    assert "prefers-color-scheme: dark" in str(root.findtext(f"{SVG}style"))


def test_bars_are_as_long_as_their_values_and_stay_in_their_panel() -> None:
    panels = [Bars("x <y>", [[10.0], [5.0], [], [0.001]])]
    root = ET.fromstring(draw("a & b", ["one", "two", "three", "four"], panels, lambda name: "own"))
    widths = [float(each.attrib["width"]) for each in root.iter(f"{SVG}rect")][1:]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.1)
    assert len(widths) == 3
    assert all(1 <= width < float(root.attrib["width"]) / 2 for width in widths)


@pytest.mark.parametrize(
    ("method", "query", "told"),
    [
        ("GET", "list-type=2&prefix=a&encoding-type=url", "LIST"),
        ("GET", "prefix=&delimiter=/", "LIST"),
        ("GET", "versionId=1", "GET"),
        ("POST", "delete", "DELETE"),
        ("POST", "uploads", "POST"),
        ("DELETE", "", "DELETE"),
        ("PUT", "", "PUT"),
        ("HEAD", "", "HEAD"),
    ],
)
def test_requests_of_a_store_are_counted_by_what_they_do(method: str, query: str, told: str) -> None:
    assert kind(method, query) == told


def test_publishers_are_compared_with_the_peer_of_the_same_round() -> None:
    runs = [
        publishing.Run(2.0, 1.5, 0.9, 50, {"PUT": 200}, start=0.25),
        publishing.Run(4.0, 3.0, 0.9, 60, {"PUT": 202}, start=0.25),
    ]
    peers = [publishing.Run(10.0, 0, 9, 90, {"HEAD": 400, "PUT": 600}), publishing.Run(40.0, 0, 9, 90, {"PUT": 600})]
    results = {(200, "clearway", "first"): runs, (200, "S3ManifestStaticStorage", "first"): peers}
    ours = publishing.table(results).splitlines()[2].split(" | ")
    assert ours[3:9] == ["0", "0", "0", "201", "0", "201"]
    assert ours[9:12] == ["2.25 (1.50–3.00)", "0.75 (0.50–1.00)", "0.50 (0.25–0.75)"]
    assert ours[12:] == ["0.038 (0.025–0.050)", "0.150 (0.100–0.200)", "60 |"]


def test_runs_of_one_verb_are_one_row() -> None:
    costs = [scale.Cost("publish", wall, 1.0, 50, {"PUT": 3, "GET": 1}) for wall in (1.0, 3.0, 2.0)]
    table = scale.table([*costs, scale.Cost("prune", 5.0, 1.0, 40, {})], {"record": 1234.5})
    assert "| `publish` | 4 | 1 GET, 3 PUT | 2.00 (1.00–3.00) | 50 |" in table
    assert "| `prune` | 0 |" in table and "- record: 1,234" in table
