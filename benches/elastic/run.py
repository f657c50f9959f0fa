#!/usr/bin/env python3
"""What peavey costs beside curl, on one node: counts, export, the first screen, scrolling.

    cargo build --release
    benches/elastic/run.py http://127.0.0.1:9200 [RECORDS]

Makes the index `peavey-bench` on a node that is there for it (tests/engines/node NAME FOLDER starts
one), and prints ratios of one run. Each pair is measured in turns and the best of each counts.
"""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
PEAVEY = os.environ.get("PEAVEY", os.path.join(HERE, "../../target/release/peavey"))
INDEX = "peavey-bench"
START = 1_763_942_400
TURNS = 5


def call(url, method, path, body=None, kind="application/json"):
    data = body.encode() if body is not None else None
    request = urllib.request.Request(url + path, data, {"Content-Type": kind}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def fill(url, records):
    try:
        if call(url, "GET", f"/{INDEX}/_count")["count"] == records:
            return
        call(url, "DELETE", f"/{INDEX}")
    except urllib.error.HTTPError:
        pass
    keyword = {"type": "keyword"}
    fields = {
        "@timestamp": {"type": "date"}, "n": {"type": "long"}, "status": {"type": "integer"},
        "service": keyword, "host": keyword, "message": {"type": "text"},
        "log": {"properties": {"level": keyword}},
    }
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
    call(url, "PUT", f"/{INDEX}", json.dumps({"settings": settings, "mappings": {"properties": fields}}))
    for first in range(0, records, 5000):
        lines = []
        for n in range(first, min(first + 5000, records)):
            seconds = START + n / 50
            at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{n % 50 * 20:03}Z"
            status = (200, 200, 404, 502, 301)[n % 5]
            lines.append('{"index":{}}')
            lines.append(json.dumps({
                "@timestamp": at, "n": n, "status": status, "service": f"service-{n % 37}",
                "host": f"host-{n * 7 % 211}", "log": {"level": "ERROR" if status == 502 else "INFO"},
                "message": f"GET /api/v1/parcels/track/{n * 31 % 9973} took {n % 1777} ms and was answered",
            }))
        call(url, "POST", f"/{INDEX}/_bulk", "\n".join(lines) + "\n", "application/x-ndjson")
    call(url, "POST", f"/{INDEX}/_refresh")


def run(arguments):
    """Seconds, and the largest memory in MB."""
    with open(os.devnull, "wb") as nowhere:
        begun = time.perf_counter()
        child = subprocess.Popen(arguments, stdout=nowhere, stderr=subprocess.PIPE)
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, errors.decode()
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def counts(url):
    search = f"{url}/{INDEX}/_search?ignore_unavailable=true&allow_no_indices=true"
    terms = lambda field: {"size": 0, "track_total_hits": False, "aggs": {
        "top": {"terms": {"field": field, "size": 10, "shard_size": 1000}},
        "distinct": {"cardinality": {"field": field, "precision_threshold": 40000}},
        "missing": {"missing": {"field": field}}}}
    ends = {"size": 0, "track_total_hits": True, "aggs": {
        "first": {"min": {"field": "@timestamp"}}, "last": {"max": {"field": "@timestamp"}}}}
    bars = {"size": 0, "track_total_hits": False, "aggs": {"bars": {"date_histogram": {
        "field": "@timestamp", "min_doc_count": 1, "time_zone": "UTC", "fixed_interval": "300000ms"}}}}
    page = {"size": 500, "sort": [{"@timestamp": "asc"}], "track_total_hits": False}
    curl = ["curl", "-sS", "--fail", "--parallel", "--parallel-max", "4"]
    for at, body in enumerate([ends, page, ends, bars, terms("service"), terms("host"), terms("status")]):
        curl += ["--next"] if at else []
        curl += ["-H", "Content-Type: application/json", "-d", json.dumps(body), search]
    view = f"{url}/{INDEX}"
    facets = [word for field in ("service", "host", "status") for word in ("--facet", field)]
    ours = [PEAVEY, "query", view, "--histogram", "--interval", "5m", *facets, "--format", "ndjson"]
    rows = [PEAVEY, "query", view, "--limit", "500", "--format", "ndjson"]
    best = [min(run(command)[0] for _ in range(TURNS)) for command in (curl, ours, rows)]
    print(f"counts: curl {best[0] * 1e3:.0f} ms (7 bodies with a page), peavey {best[1] * 1e3:.0f} ms "
          f"({(best[1] - best[0]) * 1e3:+.0f} ms), 500 rows {best[2] * 1e3:.0f} ms")


def curl_export(url, records):
    """A loop of curl over the pages of a point in time."""
    is_opensearch = "distribution" in call(url, "GET", "/")["version"]
    route = "_search/point_in_time" if is_opensearch else "_pit"
    opened = call(url, "POST", f"/{INDEX}/{route}?keep_alive=2m", "")
    pit = {"id": opened.get("pit_id") or opened["id"], "keep_alive": "2m"}
    body = {"size": 5000, "track_total_hits": False, "pit": pit,
            "sort": [{"@timestamp": {"order": "asc", "format": "strict_date_optional_time_nanos"}},
                     {"n": "asc"}]}
    last = re.compile(rb'"sort":(\[[^\]]*\])\}\]')
    begun = time.perf_counter()
    given = 0
    while given < records:
        command = ["curl", "-sS", "--fail", "-H", "Content-Type: application/json", "-H",
                   "Accept-Encoding: identity", "-d", json.dumps(body), f"{url}/_search"]
        answer = subprocess.run(command, check=True, capture_output=True).stdout
        found = last.findall(answer[-4000:])
        if not found:
            break
        body["search_after"] = json.loads(found[-1])
        given += 5000
    return time.perf_counter() - begun


def export(url, records):
    ours = [PEAVEY, "query", f"{url}/{INDEX}", "--format", "ndjson"]
    theirs, mine, memory = [], [], 0
    for _ in range(2):
        theirs.append(curl_export(url, records))
        seconds, used = run(ours)
        mine.append(seconds)
        memory = max(memory, used)
    print(f"export of {records:,}: curl loop {min(theirs):.1f} s, peavey {min(mine):.1f} s, "
          f"{min(theirs) / min(mine):.2f} of its speed, {memory:.0f} MB")


class Screen:
    """A running screen of 140 by 40."""

    def __init__(self, url):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="140", LINES="40", TZ="UTC")
            os.execv(PEAVEY, [PEAVEY, f"{url}/{INDEX}"])
        import fcntl, struct, termios
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))

    def wait(self, text, limit=60):
        """Reads until `text` is drawn; seconds."""
        begun, seen = time.perf_counter(), b""
        while time.perf_counter() - begun < limit:
            if select.select([self.master], [], [], 0.02)[0]:
                seen = (seen + os.read(self.master, 1 << 16))[-200_000:]
                if text in seen:
                    return time.perf_counter() - begun
        raise SystemExit(f"{text} did not come")

    def drain(self, seconds):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if select.select([self.master], [], [], 0.02)[0]:
                os.read(self.master, 1 << 16)

    def press(self, keys):
        os.write(self.master, keys)

    def memory(self):
        status = open(f"/proc/{self.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def end(self):
        os.kill(self.pid, 15)
        try:
            self.drain(5)
        except OSError:
            pass  # The terminal went with the program.
        os.close(self.master)
        os.waitpid(self.pid, 0)


def screen(url):
    search = f"{url}/{INDEX}/_search"
    page = json.dumps({"size": 120, "sort": [{"@timestamp": "desc"}], "track_total_hits": False})
    caps = ["curl", "-sS", "--fail", url + "/", "--next", f"{url}/{INDEX}/_field_caps?fields=*",
            "--next", "-H", "Content-Type: application/json", "-d",
            json.dumps({"size": 0, "track_total_hits": True, "aggs": {
                "first": {"min": {"field": "@timestamp"}}, "last": {"max": {"field": "@timestamp"}}}}),
            search, "--next", "-H", "Content-Type: application/json", "-d", page, search]
    firsts, theirs = [], []
    for _ in range(TURNS):
        theirs.append(run(caps)[0])
        shown = Screen(url)
        firsts.append(shown.wait(b"was answered"))
        shown.end()
    print(f"first rows on the screen: {min(firsts) * 1e3:.0f} ms; the same calls by curl, one after the "
          f"other: {min(theirs) * 1e3:.0f} ms ({(min(firsts) - min(theirs)) * 1e3:+.0f} ms)")
    shown = Screen(url)
    shown.wait(b"was answered")
    for keys in (b"\x06" * 400, b"G", b"\x02" * 400, b"g", b"\x06" * 400, b"G", b"\x02" * 200):
        for key in range(0, len(keys), 20):
            shown.press(keys[key:key + 20])
            shown.drain(0.3)
        shown.drain(1)
    print(f"scrolling back and forth: {shown.memory():.0f} MB at most")
    shown.end()


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    url, records = sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    fill(url, records)
    counts(url)
    export(url, records)
    screen(url)


if __name__ == "__main__":
    main()
