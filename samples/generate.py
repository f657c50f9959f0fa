#!/usr/bin/env python3
"""Write the logs that `peavey demo` opens. The same text comes out every time.

    python3 samples/generate.py          (in the repository; rewrites samples/*/*.gz)

parcel-tracking: one day (2026-11-21, UTC) of six services of an invented parcel tracking application.
From 14:02 to 14:21 the rates service behind upstream 10.20.3.7:8080 refuses connections: nginx answers 502 and 504
for /api/v1/parcels/*/rates, django logs connection errors with tracebacks, celery retries, react shows failures.
weblogs: three days of web logs of an invented site, as JSON documents with the field names and types of Kibana's
sample data, and with what the four queries of a beginner's course ask for.
Standard library only.
"""
import datetime as dt, gzip, io, json, os, random

HERE = os.path.dirname(os.path.abspath(__file__))
DAY = dt.datetime(2026, 11, 21, tzinfo=dt.timezone.utc)
START, END = DAY + dt.timedelta(hours=14, minutes=2), DAY + dt.timedelta(hours=14, minutes=21)
BAD = "10.20.3.7:8080"
UPSTREAMS = ["10.20.3.5:8000", "10.20.3.6:8000"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
    "ParcelScanner/4.2 (Android 15; handheld)", "curl/8.5.0", "kube-probe/1.31",
]


def write(path, lines):
    path = os.path.join(HERE, path) + ".gz"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = "".join(line + "\n" for line in lines).encode()
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=9) as z:
        z.write(text)
    with open(path, "wb") as f:
        f.write(out.getvalue())
    print(f"{path}: {len(lines)} lines, {len(text)} bytes, {len(out.getvalue())} compressed")


def day_times(rng, count):
    """Instants of a working day: quiet at night, a peak at noon and one in the evening."""
    weight = [3, 2, 2, 2, 3, 5, 9, 15, 22, 26, 27, 28, 29, 27, 26, 25, 24, 25, 24, 20, 15, 11, 7, 4]
    hours = rng.choices(range(24), weights=weight, k=count)
    return sorted(DAY + dt.timedelta(hours=h, milliseconds=rng.randrange(3_600_000)) for h in hours)


def incident_times(rng, count):
    span = int((END - START).total_seconds() * 1000)
    return sorted(START + dt.timedelta(milliseconds=int(span * rng.betavariate(1.3, 1.6))) for _ in range(count))


def pipe(records):
    """LEVEL|LOGGER|TIMESTAMP|MESSAGE, oldest first; a message may hold further lines."""
    records.sort(key=lambda r: r[0])
    return [f"{level}|{logger}|{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}|{message}" for at, level, logger, message in records]


def code(rng):
    return f"PT{rng.randrange(10**8, 10**9)}"


def trace(path, line, call, error):
    return (f'Traceback (most recent call last):\n  File "/srv/pt/django/core/handlers/exception.py", line 55, in inner\n'
            f'    response = get_response(request)\n  File "/srv/pt/apps/{path}", line {line}, in {call}\n'
            f'    rate = RateClient().quote(parcel)\n{error}')


def nginx(rng):
    paths = [("GET", "/api/v1/parcels/{c}", 30), ("GET", "/api/v1/parcels/{c}/track", 34), ("POST", "/api/v1/parcels", 9), ("GET", "/api/v1/parcels/{c}/rates", 11),
             ("POST", "/api/v1/auth/login", 6), ("GET", "/api/v1/dashboard/summary", 5), ("GET", "/static/app.{n}.js", 8), ("GET", "/static/app.css", 5),
             ("GET", "/health", 6), ("GET", "/api/v1/reports/daily", 2), ("PUT", "/api/v1/parcels/{c}/status", 6), ("GET", "/wp-login.php", 1)]
    records, errors = [], []

    def add(at, client, method, path, status, size, agent, up, took, connect):
        stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
        user = "-" if rng.random() < .7 else f"user{rng.randrange(400)}"
        referer = "-" if "api" in path or rng.random() < .4 else "https://parcels.example.com/"
        records.append((at, f'{client} - {user} [{stamp}] "{method} {path} HTTP/1.1" {status} {size} "{referer}" "{agent}" '
                            f'rt={took:.3f} uct="{connect}" uht="{connect if connect == "-" else f"{took:.3f}"}" urt="{took:.3f}" ups="{up}"'))

    for at in day_times(rng, 2600):
        method, path, _ = rng.choices(paths, weights=[p[2] for p in paths])[0]
        path = path.format(c=code(rng), n=rng.choice(["8f2c1a", "77ab03"]))
        status = rng.choices([200, 201, 204, 301, 304, 400, 401, 403, 404, 429, 500], weights=[820, 30, 20, 12, 60, 9, 12, 4, 22, 3, 2])[0]
        if path.startswith("/static") or path == "/health":
            status = rng.choice([200, 200, 200, 304])
        if path == "/wp-login.php":
            status = 404
        if method == "POST" and status == 200:
            status = 201
        agent = "kube-probe/1.31" if path == "/health" else "Mozilla/5.0 zgrab/0.x" if "wp-" in path else rng.choice(AGENTS[:5])
        client = f"{rng.choice(['203.0.113', '198.51.100', '192.0.2'])}.{rng.randrange(1, 255)}" if rng.random() < .95 else f"2001:db8:{rng.randrange(16):x}::{rng.randrange(1, 999):x}"
        took = rng.lognormvariate(-3, .9)
        add(at, client, method, path, status, rng.randrange(120, 48_000) if status == 200 else rng.randrange(0, 400), agent,
            rng.choice(UPSTREAMS) if "rates" not in path else BAD, took, "0.000")
    for at in incident_times(rng, 430):
        status = rng.choices([502, 504, 503], weights=[70, 24, 6])[0]
        path = f"/api/v1/parcels/{code(rng)}/rates"
        client = f"203.0.113.{rng.randrange(1, 255)}"
        add(at, client, "GET", path, status, 157 if status == 502 else 167, rng.choice(AGENTS[:4]), BAD, 30.001 if status == 504 else .001 + rng.random() / 50, "-")
        if rng.random() < .55:
            what = "upstream timed out (110: Connection timed out) while reading response header from upstream" if status == 504 else "connect() failed (111: Connection refused) while connecting to upstream"
            errors.append((at, f'{at:%Y/%m/%d %H:%M:%S} [error] 31#31: *{rng.randrange(10**5, 10**6)} {what}, client: {client}, server: parcels.example.com, '
                               f'request: "GET {path} HTTP/1.1", upstream: "http://{BAD}{path}", host: "parcels.example.com"'))
    for at in day_times(rng, 14):
        errors.append((at, f'{at:%Y/%m/%d %H:%M:%S} [warn] 31#31: *{rng.randrange(10**5, 10**6)} a client request body is buffered to a temporary file /var/cache/nginx/client_temp/{rng.randrange(10**9):010d}, '
                           f'client: 198.51.100.{rng.randrange(1, 255)}, server: parcels.example.com, request: "POST /api/v1/parcels HTTP/1.1", host: "parcels.example.com"'))
    records.sort(key=lambda r: r[0]); errors.sort(key=lambda r: r[0])
    write("parcel-tracking/nginx/access.log", [r[1] for r in records])
    write("parcel-tracking/nginx/error.log", [r[1] for r in errors])


def django(rng):
    out = []
    for at in day_times(rng, 1150):
        c, r = code(rng), rng.random()
        logger, choices = rng.choices([
            ("apps.parcels.views", [("INFO", f"parcel {c} created by user{rng.randrange(400)}"), ("INFO", f"parcel {c} moved to in_transit"), ("WARNING", f"parcel {c} has no weight, using the tariff's default"), ("DEBUG", f"serialised parcel {c} in {r * 20:.1f} ms")]),
            ("apps.custom_auth.backends", [("INFO", f"user{rng.randrange(400)} signed in"), ("WARNING", f"failed login for user{rng.randrange(400)} from 198.51.100.{rng.randrange(255)}")]),
            ("apps.notification.sms", [("INFO", f"sms for parcel {c} handed to the gateway"), ("WARNING", f"sms gateway slow: {1 + r * 4:.1f} s")]),
            ("apps.tenant_manager.middleware", [("DEBUG", f"tenant north-{rng.randrange(8)} selected"), ("INFO", "tenant cache refreshed")]),
            ("apps.integrations.carriers", [("INFO", f"label for {c} bought from carrier {rng.choice(['swift', 'albatross', 'mole'])}"), ("WARNING", "carrier mole answered 429, waiting 2 s")]),
            ("apps.dashboard.views", [("INFO", f"summary built in {r * 300:.0f} ms")]),
            ("apps.manage_reports.export", [("INFO", f"report {rng.randrange(900)} exported with {rng.randrange(9000)} rows")]),
            ("django.request", [("WARNING", f"Not Found: /api/v1/parcels/{c}"), ("WARNING", "Unauthorized: /api/v1/dashboard/summary")]),
            ("django.db.backends", [("DEBUG", f"({r / 50:.3f}) SELECT id, code, status FROM parcels WHERE code = '{c}'")]),
            ("werkzeug", [("INFO", f'10.20.1.{rng.randrange(20)} - - "GET /api/v1/parcels/{c} HTTP/1.1" 200 -')]),
            ("botocore.credentials", [("INFO", "Found credentials in environment variables.")]),
            ("s3transfer.tasks", [("DEBUG", f"PutObjectTask(transfer_id={rng.randrange(500)}) done, labels/{c}.pdf")]),
            ("urllib3.connectionpool", [("DEBUG", f'http://{BAD} "GET /quote?parcel={c} HTTP/1.1" 200 {rng.randrange(80, 400)}')]),
            ("asyncio", [("DEBUG", "Using selector: EpollSelector")]),
            ("config.settings", [("INFO", "settings of environment production loaded")]),
            ("pt.legacy.bridge", [("INFO", f"bridge moved {rng.randrange(40)} records")]),
        ], weights=[26, 14, 9, 8, 10, 6, 3, 9, 8, 10, 2, 5, 10, 2, 1, 2])[0]
        level, message = rng.choice(choices)
        out.append((at, level, logger, message))
    for at in incident_times(rng, 300):
        c, r = code(rng), rng.random()
        if r < .3:
            out.append((at, "ERROR", "apps.parcels.views", f"rates for parcel {c} failed\n" + trace("parcels/views.py", 214, "rates", f"requests.exceptions.ConnectionError: HTTPConnectionPool(host='10.20.3.7', port=8080): Max retries exceeded with url: /quote?parcel={c} (Connection refused)")))
        elif r < .62:
            out.append((at, "ERROR", "django.request", f"Bad Gateway: /api/v1/parcels/{c}/rates"))
        elif r < .85:
            out.append((at, "WARNING", "urllib3.connectionpool", f"Retrying ({rng.randrange(1, 4)} of 3) after connection broken: [Errno 111] Connection refused: http://{BAD}/quote?parcel={c}"))
        elif r < .95:
            out.append((at, "ERROR", "apps.integrations.rates", f"circuit breaker for {BAD} is open, parcel {c} gets no price"))
        else:
            out.append((at, "CRITICAL", "apps.parcels.views", f"no rate source left for parcel {c}, checkout is closed"))
    write("parcel-tracking/django.log", pipe(out))


def celery(rng):
    out = []
    for at in day_times(rng, 560):
        tid = f"{rng.getrandbits(32):08x}-{rng.getrandbits(16):04x}-4{rng.getrandbits(12):03x}-a{rng.getrandbits(12):03x}-{rng.getrandbits(48):012x}"
        task = rng.choice(["apps.parcels.tasks.sync_tracking", "apps.notification.tasks.send_sms", "apps.manage_reports.tasks.daily"])
        level, logger, message = rng.choices([
            ("INFO", "celery.worker.strategy", f"Task {task}[{tid}] received"), ("INFO", "celery.app.trace", f"Task {task}[{tid}] succeeded in {rng.random() * 3:.4f}s: None"),
            ("WARNING", "apps.cron_tasks.cleanup", f"{rng.randrange(40)} labels without parcel removed"), ("DEBUG", "boto3.resources.action", f"Calling s3:put_object with key reports/{rng.randrange(999)}.csv"),
            ("ERROR", "celery.app.trace", f"Task {task}[{tid}] raised unexpected: KeyError('tracking_code')\nTraceback (most recent call last):\n  File \"/srv/pt/celery/app/trace.py\", line 453, in trace_task\n    R = retval = fun(*args, **kwargs)\nKeyError: 'tracking_code'"),
        ], weights=[40, 40, 6, 10, 2])[0]
        out.append((at, level, logger, message))
    for at in incident_times(rng, 90):
        out.append((at, rng.choice(["WARNING", "ERROR"]), "apps.integrations.tasks", f"refresh of rates from {BAD} failed, next try in {2 ** rng.randrange(1, 6)} s"))
    write("parcel-tracking/celery.log", pipe(out))


def small(rng):
    beat = [(DAY + dt.timedelta(minutes=5 * i, milliseconds=rng.randrange(40)), "INFO", "celery.beat", f"Scheduler: Sending due task {rng.choice(['sync-tracking', 'sweep-labels', 'daily-report'])}") for i in range(288)]
    beat.append((DAY + dt.timedelta(hours=14, minutes=10, seconds=3), "WARNING", "celery.beat", "Scheduler: task refresh-rates is overdue by 410 s"))
    write("parcel-tracking/celerybeat.log", pipe(beat))
    flower = [(at, rng.choices(["INFO", "WARNING"], weights=[9, 1])[0], rng.choice(["tornado.access", "flower.command", "kombu.transport.redis"]),
               rng.choice([f"200 GET /workers (10.20.1.{rng.randrange(9)}) {rng.random() * 40:.2f}ms", "Inspect method active_queues failed", "worker pt-worker-2 online"])) for at in day_times(rng, 90)]
    write("parcel-tracking/flower.log", pipe(flower))
    react = [(at, *rng.choices([("INFO", "app.router", f"route /parcels/{code(rng)} opened"), ("DEBUG", "app.store", "parcel list refreshed"), ("WARNING", "app.http", f"slow answer: {2 + rng.random() * 3:.1f} s"), ("ERROR", "app.boundary", "TypeError: parcel.sender is undefined")], weights=[50, 30, 8, 2])[0]) for at in day_times(rng, 330)]
    react += [(at, "ERROR", "app.http", f"GET /api/v1/parcels/{code(rng)}/rates failed with status {rng.choice([502, 502, 504])}") for at in incident_times(rng, 120)]
    write("parcel-tracking/react.log", pipe(react))


def weblogs(rng):
    extensions = {"": 34, "css": 16, "deb": 14, "zip": 12, "rpm": 8, "gz": 16}
    countries = ["CN", "IN", "US", "ID", "BR", "PK", "NG", "BD", "RU", "JP", "DE", "FR", "GB", "IT", "EG", "PH"]
    hosts = ["www.elastic-sawmill.example.org", "artifacts.elastic-sawmill.example.org", "cdn.riverdrive.example.net", "shop.riverdrive.example.net"]
    paths = ["/kibana", "/kibana/timelion", "/elasticsearch", "/logstash", "/beats/filebeat", "/apm", "/security-analytics", "/enterprise", "/styles/main"]
    referers = ["http://twitter.com/success/{n}", "http://facebook.com/success/{n}", "http://www.elastic-sawmill.example.org/success/{n}", "http://nytimes.com/login/{n}"]
    names = ["ada-hoist", "bo-ripsaw", "cleo-boom", "dag-cant-hook", "ella-skid", "finn-pikepole"]
    begin, lines = dt.datetime(2026, 11, 19, tzinfo=dt.timezone.utc), []
    times = sorted(begin + dt.timedelta(days=d, seconds=min(86399.999, max(0.0, rng.gauss(43_000, 15_000)))) for d in range(3) for _ in range(560))
    burst = [begin + dt.timedelta(days=1, hours=12, milliseconds=rng.randrange(2_700_000)) for _ in range(90)]
    for at, bad in sorted([(t, False) for t in times] + [(t, True) for t in burst]):
        ext = rng.choices(list(extensions), weights=list(extensions.values()))[0]
        path, host, agent = rng.choice(paths), rng.choice(hosts), rng.choice(AGENTS[:3])
        request = path if not ext else f"{path}/{path.strip('/').split('/')[-1]}-9.2.0.{ext}"
        response = 404 if bad else rng.choices([200, 404, 503], weights=[92, 5, 3])[0]
        ip = "203.0.113.164" if bad else f"{rng.choice(['192.0.2', '198.51.100', '203.0.113'])}.{rng.randrange(1, 160)}"
        stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
        size = 0 if response == 503 else rng.randrange(200, 14_000) if ext in ("", "css", "rpm") else rng.randrange(2_000, 19_000)
        src, dest = rng.choice(countries), rng.choice(countries)
        lines.append(json.dumps({
            "agent": agent, "bytes": size, "clientip": ip, "extension": ext,
            "geo": {"srcdest": f"{src}:{dest}", "src": src, "dest": dest, "coordinates": {"lat": round(rng.uniform(25, 49), 6), "lon": round(rng.uniform(-124, -68), 6)}},
            "host": host, "index": "peavey_sample_data_logs", "ip": ip,
            "machine": {"ram": rng.randrange(2, 21) * 1073741824, "os": rng.choice(["win 8", "win xp", "win 7", "ios", "osx"])}, "memory": size * 40 if rng.random() < .04 else None,
            "message": f'{ip} - - [{stamp}] "GET {request} HTTP/1.1" {response} {size} "-" "{agent}"', "phpmemory": None,
            "referer": rng.choice(referers).format(n=rng.choice(names)), "request": request, "response": response,
            "tags": [rng.choice(["success", "success", "success", "warning", "error"]), rng.choice(["info", "security", "login"])],
            "timestamp": stamp, "url": f"https://{host}{request}", "utc_time": stamp, "event": {"dataset": "sample_web_logs"},
        }, separators=(",", ":")))
    write("weblogs/weblogs.ndjson", lines)


if __name__ == "__main__":
    nginx(random.Random(20261121)); django(random.Random(11)); celery(random.Random(12)); small(random.Random(13)); weblogs(random.Random(14))
