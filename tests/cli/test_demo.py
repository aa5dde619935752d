"""The first command that a newcomer runs."""

import json


def test_demo_writes_the_report_and_says_where(run, tmp_path):
    ran = run("demo", "-o", "mine")
    assert (ran.code, ran.err.startswith("one finding in full: auditor explain --from mine.json ")) == (0, True)
    assert str(tmp_path / "mine.html") in ran.out
    assert (tmp_path / "mine.html").read_text().startswith("<!doctype html>")
    scan = json.loads((tmp_path / "mine.json").read_text())
    assert scan["counts"]["pass"] > 10
    assert scan["counts"]["fail"] > 10
    fingerprint = scan["findings"][0]["fingerprint"]
    assert scan["findings"][0]["rule"] in run("explain", "--from", "mine.json", fingerprint[:12]).out
    assert run("report", "mine.json", "-f", "csv", "-o", "mine.csv").code == 0
    assert len((tmp_path / "mine.csv").read_text().splitlines()) > sum(scan["counts"].values())
