"""Ctrl-C while AWS does not answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

WHO = (
    b"<R><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><Account>111122223333</Account>"
    b"</GetCallerIdentityResult></R>"
)
REGIONS = b"<R><regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo></R>"


@pytest.fixture
def silent():
    """The address of an AWS that says who asks and which regions there are, and nothing else; and when it was asked more."""
    asked, over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known = next((answer for name, answer in ANSWERS.items() if name in body), None)
            if known is None:
                asked.set()
                over.wait()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(known)))
            self.end_headers()
            self.wfile.write(known)

        def do_GET(self):
            over.wait()

        def log_message(self, *_):
            """Nothing of it belongs into the test's output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        over.set()
        server.shutdown()


ANSWERS = {b"GetCallerIdentity": WHO, b"DescribeRegions": REGIONS}


def test_nobody_waits_for_requests_under_way(tmp_path, silent):
    address, asked = silent
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    environment |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    command = [sys.executable, "-m", "auditor", "snapshot", "-o", "account.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert asked.wait(60)
            said = _interrupted(child)
        finally:
            child.kill()
    assert child.returncode == 130
    assert said.strip().endswith("interrupted")
    assert [file.name for file in tmp_path.iterdir()] == ["account.jsonl.partial"]


def _interrupted(child):
    """What the child says after Ctrl-C; after another where Python lost the first, as it does in a callback of its own."""
    for _ in range(3):
        child.send_signal(signal.SIGINT)
        try:
            # a request takes 30 seconds to time out, and is made five times
            return child.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the child goes on")
