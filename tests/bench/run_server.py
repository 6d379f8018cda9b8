#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the server over HTTP, its load generator on the same cores, a peer in turn within each
round.  The world is a morning of 256 sites (230,400 seats); each round serves a fresh copy of it.

enter      one sitting.enter a POST, 64 keep-alive connections: token, authority, rule, books,
           expectation, fsync; the peer is pgbench's INSERT and UPDATE with 64 clients
batch      100 acts a POST, 16 connections
state      GET of one candidate's state; proof: GET of the proof of a receipt
sse        1,000 consoles on the events while batches are posted: each must see each act, once
alarm      the same with one act at a time: from its POST to each of 1,000 consoles
idle       enter with 1,000 connections, and with 10,000 idle ones beside them
start      a city's day of some 860,000 entries: from exec to the first answer
Called by `./bench server`.
"""
import argparse
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
BUILD = os.path.join(ROOT, "build-bench")
BENCH = os.path.join(BUILD, "tests/bench")
SITES, CANDIDATES = 256, 5000
GOALS = {
    "enter": "15,000 a second (stretch 25,000), p99 10 ms, 1.5 times pgbench",
    "batch": "40,000 acts a second", "state": "60,000 a second", "proof": "10,000 a second",
    "sse": "1,000,000 deliveries a second", "alarm": "p99 300 ms",
    "idle": "400 MB, p99 within twice that without", "start": "2 s",
}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_s(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Served:
    """A server on a copy of a folder, until the block ends."""

    def __init__(self, folder, keep=False):
        self.folder, self.keep = folder, keep

    def __enter__(self):
        self.data = self.folder
        if not self.keep:
            self.data = self.folder + "-copy"
            shutil.copytree(self.folder, self.data)
            shutil.copy(self.folder + ".checkpoint", self.data + ".checkpoint")
        self.port = free_port()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "gongyuan"), "serve", "--data", self.data, "--listen",
             "127.0.0.1:%d" % self.port], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while True:
            try:
                with urllib.request.urlopen("http://127.0.0.1:%d/healthz" % self.port):
                    break
            except OSError:
                if self.process.poll() is not None or time.monotonic() - begun > 120:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.002)
        self.start_s = time.monotonic() - begun
        self.cpu = cpu_s(self.process.pid)
        return self

    def used_s(self):
        return cpu_s(self.process.pid) - self.cpu

    def rss_mb(self):
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) / 1024

    def __exit__(self, *why):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise SystemExit("the server ended with %d" % self.process.returncode)
        if not self.keep:
            shutil.rmtree(self.data)


def load(served, tokens, mode, *more):
    program = "server-sse" if mode == "sse" else "server-load"
    args = [os.path.join(BENCH, program)] + ([] if mode == "sse" else [mode])
    args += ["--port", str(served.port), "--tokens", tokens, "--sites", str(SITES), *more]
    before = served.used_s()
    out = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if out.returncode:
        raise SystemExit("%s failed: %s %s" % (mode, out.stdout.decode()[-300:],
                                               out.stderr.decode()[-600:]))
    r = json.loads(out.stdout)
    n = r.get("counted", r.get("deliveries"))
    r["server_cpu_us"] = round((served.used_s() - before) * 1e6 / n, 2)
    r["rss_mb"] = round(served.rss_mb())
    return r


class Bench:
    def __init__(self, work, a):
        self.work, self.a, self.rounds = work, a, {}
        self.world, self.tokens = os.path.join(work, "world"), os.path.join(work, "tokens")
        self.url = None

    def asked(self, *names):
        return not self.a.only or any(n in self.a.only.split(",") for n in names)

    def note(self, name, r):
        self.rounds.setdefault(name, []).append(r)
        if self.a.each:
            print("%s %s" % (name, json.dumps(r)), flush=True)

    def prepare(self):
        subprocess.run([os.path.join(BENCH, "server-world"), "--dir", self.world, "--profile",
                        "profiles/gaokao-2025.json", "--tokens", self.tokens, "--rooms",
                        str(SITES * 30), "--candidates", str(CANDIDATES)], cwd=ROOT, check=True)
        if self.asked("enter"):
            out = subprocess.run(["tools/pg", "start", "server-%d" % os.getpid()], cwd=ROOT,
                                 stdout=subprocess.PIPE, check=True)
            self.url = out.stdout.decode().strip()
            subprocess.run(["psql", "-q", self.url, "-f", "tests/bench/setup.sql"], cwd=ROOT,
                           check=True, stdout=subprocess.DEVNULL)

    def release(self):
        subprocess.run(["tools/pg", "stop", "server-%d" % os.getpid()], cwd=ROOT, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.work, ignore_errors=True)

    def pgbench(self):
        out = subprocess.run(["tests/bench/peer_pgbench", self.url,
                              os.path.join(ROOT, "tests/bench/insert.sql"),
                              str(int(self.a.seconds))], cwd=ROOT, stdout=subprocess.PIPE,
                             check=True)
        rate, p50, p99 = out.stdout.decode().split()[-3:]
        self.note("pgbench", {"rate": float(rate), "p50_ms": float(p50), "p99_ms": float(p99)})

    def post(self):
        seconds = ["--seconds", str(self.a.seconds)]
        if self.asked("enter"):
            with Served(self.world) as s:
                self.note("enter", load(s, self.tokens, "enter", *seconds))
            self.pgbench()
        if self.asked("batch"):
            with Served(self.world) as s:
                self.note("batch", load(s, self.tokens, "batch", "--connections", "16", *seconds))

    def read(self):
        if not self.asked("state", "proof"):
            return
        with Served(self.world) as s:
            load(s, self.tokens, "enter", "--seconds", "0.5")
            time.sleep(1)
            for name, paths in self.paths(s).items():
                if self.asked(name):
                    self.note(name, load(s, self.tokens + ".desk", "get", "--paths", paths,
                                         "--seconds", str(self.a.seconds)))

    def paths(self, served):
        """Where a candidate's state and the proofs of receipts are read: a file of paths each."""
        state, proof = os.path.join(self.work, "state"), os.path.join(self.work, "proof")
        with open(state, "w", encoding="ascii") as f:
            for i in range(CANDIDATES):
                f.write("/api/v1/exam/candidates/C%07d\n" % (i * 7919 % CANDIDATES + 1))
        db = sqlite3.connect("file:%s/ledger.db?mode=ro" % served.data, uri=True)
        with open(proof, "w", encoding="ascii") as f:
            third = "SELECT idx, leaf FROM ledger_entry WHERE idx % 3 = 0"
            for idx, leaf in db.execute(third):
                f.write("/api/v1/receipts/%d/%s\n" % (idx, leaf.hex()))
        db.close()
        return {"state": state, "proof": proof}

    def stream(self):
        desk = ["--desk", self.tokens + ".desk"]
        if self.asked("sse"):
            with Served(self.world) as s:
                self.note("sse", load(s, self.tokens, "sse", *desk, "--seconds",
                                      str(self.a.seconds)))
        if self.asked("alarm"):
            with Served(self.world) as s:
                self.note("alarm", load(s, self.tokens, "sse", *desk, "--acts", "1", "--pause-ms",
                                        "20", "--seconds", str(self.a.seconds)))

    def idle(self):
        if not self.asked("idle"):
            return
        for name, idle in (("idle-none", 0), ("idle", 10000)):
            with Served(self.world) as s:
                self.note(name, load(s, self.tokens, "enter", "--connections", "960", "--idle",
                                     str(idle), "--seconds", str(self.a.seconds)))

    def start(self):
        if not self.asked("start"):
            return
        data = os.path.join(self.work, "city")
        subprocess.run([os.path.join(BUILD, "gongyuan"), "drill", "run",
                        "tests/bench/city-day.json", "--data", data, "--json"], cwd=ROOT,
                       check=True, stdout=subprocess.DEVNULL)
        for _ in range(self.a.rounds):
            with Served(data, keep=True) as s:
                with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % s.port) as m:
                    n = int(re.search(r"gongyuan_entries (\d+)", m.read().decode()).group(1))
                self.note("start", {"entries": n, "start_s": round(s.start_s, 3),
                                    "rss_mb": round(s.rss_mb())})

    def run(self):
        self.prepare()
        for _ in range(self.a.rounds):
            self.post()
            self.read()
            self.stream()
            self.idle()
        self.start()

    def medians(self):
        out = {}
        for name, rounds in self.rounds.items():
            out[name] = {k: round(statistics.median(r[k] for r in rounds), 3)
                         for k, v in rounds[0].items() if isinstance(v, (int, float))}
            if "rate" in out[name]:
                out[name]["rates"] = [round(r["rate"]) for r in rounds]
        if "enter" in out and "pgbench" in out:
            out["enter"]["times_pgbench"] = round(statistics.median(
                e["rate"] / p["rate"] for e, p in zip(self.rounds["enter"],
                                                      self.rounds["pgbench"])), 2)
        return out


def tell(medians):
    print("%-10s %10s %9s %9s %9s %7s  %s" % ("case", "a second", "p50 ms", "p99 ms", "CPU us",
                                              "MB", "goal"))
    for name, m in medians.items():
        print("%-10s %10s %9s %9s %9s %7s  %s" % (
            name, "{:,.0f}".format(m["rate"]) if "rate" in m else "%.2f s" % m["start_s"],
            m.get("p50_ms", ""), m.get("p99_ms", ""), m.get("server_cpu_us", ""),
            m.get("rss_mb", ""), GOALS.get(name, "")))
    if "times_pgbench" in medians.get("enter", {}):
        print("enter against pgbench, median of the rounds: %s times" %
              medians["enter"]["times_pgbench"])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=3)
    p.add_argument("--only")
    p.add_argument("--each", action="store_true", help="each round as it ends")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    b = Bench(tempfile.mkdtemp(prefix="gongyuan-server-"), a)
    try:
        b.run()
    finally:
        b.release()
    if a.json:
        for name, m in b.medians().items():
            print(json.dumps(dict(name=name, **m)))
    else:
        tell(b.medians())


if __name__ == "__main__":
    main()
