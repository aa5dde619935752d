"""What 20,000 findings cost as HTML: size, and the time until a headless browser has opened them.

The floor, measured in the same run, is a bare page of as many elements and bytes, without style or script,
folded away as most of the report is.
Run with ``python -m benchmarks.report``; it prints a Markdown table and writes ``benchmarks/results/report.md``.
"""

from __future__ import annotations

import gzip
import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.report import write
from tests.report.scans import synthetic

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FINDINGS = 20_000
RUNS = 7
RESULT = Path(__file__).parent / "results" / "report.md"
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")
TIMING = """() => {
  const entry = performance.getEntriesByType("navigation")[0];
  return [entry.domContentLoadedEventEnd, entry.loadEventEnd, document.querySelectorAll("*").length];
}"""


def main() -> None:
    from playwright.sync_api import sync_playwright

    scan = synthetic(FINDINGS)
    with tempfile.TemporaryDirectory() as folder:
        page, floor = Path(folder) / "report.html", Path(folder) / "floor.html"
        begun = time.perf_counter()
        write(scan, "html", page)
        written = time.perf_counter() - begun
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=ARGS
            )
            nodes = opened(browser, page)[2]
            floor.write_text(bare(page.stat().st_size, int(nodes)), "utf-8")
            # alternating, so that a busy machine slows both alike
            runs = [(opened(browser, page), opened(browser, floor)) for _ in range(RUNS)]
            chromium = browser.version
            browser.close()
        report = table(page, floor, runs, written, chromium)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(report, "utf-8")
    print(report)


def opened(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Milliseconds to DOMContentLoaded and to load, and elements, of a page in a context of its own."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="load")
    ready, load, nodes = page.evaluate(TIMING)
    context.close()
    return ready, load, nodes


def bare(size: int, nodes: int) -> str:
    """A page of about ``size`` bytes and ``nodes`` elements that does nothing."""
    each = max(size // nodes - len("<p></p>"), 1)
    paragraph = f"<p>{'x' * each}</p>"
    return f"<!doctype html><title>floor</title><details><summary>all</summary>{paragraph * (nodes - 7)}</details>"


def table(
    page: Path,
    floor: Path,
    runs: list[tuple[tuple[float, float, float], tuple[float, float, float]]],
    written: float,
    chromium: str,
) -> str:
    own, bare_ = ([run[which] for run in runs] for which in (0, 1))
    rows = [
        ("bytes", page.stat().st_size, floor.stat().st_size),
        ("bytes, gzip -6", packed(page), packed(floor)),
        ("elements", own[0][2], bare_[0][2]),
        ("DOMContentLoaded, ms (median)", median(own, 0), median(bare_, 0)),
        ("load, ms (median)", median(own, 1), median(bare_, 1)),
        ("load, ms (worst)", max(run[1] for run in own), max(run[1] for run in bare_)),
    ]
    lines = [f"| {name} | {mine:,.0f} | {other:,.0f} | {mine / other:.2f} |" for name, mine, other in rows]
    return "\n".join(
        (
            f"# The HTML report of {FINDINGS:,} findings",
            "",
            "`python -m benchmarks.report`",
            "",
            f"{RUNS} runs, alternating; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
            f"Chromium {chromium}. Written in {written:.2f} s.",
            "",
            "| | report | floor: a bare page as large | ratio |",
            "|---|---:|---:|---:|",
            *lines,
            "",
        )
    )


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def median(runs: list[tuple[float, float, float]], which: int) -> float:
    return statistics.median(run[which] for run in runs)


if __name__ == "__main__":
    main()
