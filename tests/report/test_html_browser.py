"""The page in a real browser: what it asks for, what it runs, how it is used and printed."""

import os
import re
import shutil
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from auditor.report import words, write
from tests.report.scans import synthetic

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


@pytest.fixture(scope="module")
def browser():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing: set CHROMIUM to its path")
        pytest.skip("chromium is missing: set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    scans = {"ordinary": synthetic(60), "hostile": synthetic(60, hostile=True), "empty": synthetic(0, gaps=0)}
    for name, scan in scans.items():
        write(scan, "html", folder / f"{name}.html")
    return SimpleNamespace(folder=folder, scans=scans)


@pytest.fixture
def visit(browser, reports):
    """Open a report; ``page.seen`` collects what a well-behaved page never does."""
    contexts = []

    def visit(name="ordinary", at="", **options):
        context = browser.new_context(**{**LOOKS["light"], **options})
        contexts.append(context)
        page = context.new_page()
        address = (reports.folder / f"{name}.html").as_uri()
        seen = page.seen = []
        page.on("request", lambda request: request.url.partition("#")[0] == address or seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.goto(address + at)
        return page

    yield visit
    for context in contexts:
        context.close()


def shown(page):
    """The ids of the results that are shown."""
    return page.evaluate(
        "[...document.querySelectorAll('.results tbody tr')].filter(r => !r.closest('[hidden]')).map(r => r.id)"
    )


def listed(scan, **wanted):
    """The ids of the results that should be."""
    return {
        f"f-{item.fingerprint[:12]}"
        for item in scan.findings
        if words.status(item) in ("fail", "unknown", "waived")
        and all(value in (words.status(item), item.severity, item.resource.region) for value in wanted.values())
    }


def check(page, key, value):
    page.locator(f"#filters input[name={key}][value='{value}']").check()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["ordinary", "hostile", "empty"])
def test_nothing_is_fetched_nothing_hostile_runs_and_no_accessibility_rule_is_broken(visit, name, look):
    page = visit(name, **LOOKS[look])
    if name != "empty":
        page.get_by_role("button", name="Open all").click()
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    results = Axe().run(page)
    assert [(item["id"], [node["html"] for node in item["nodes"]][:3]) for item in results.response["violations"]] == []
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.seen == []


def test_the_policy_holds(visit):
    page = visit()
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.com/x.png'}))")
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<p>'")
    expect(page.locator("img")).to_have_js_property("complete", True)
    assert any("Content Security Policy" in text for text in page.seen)


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_everything_is_readable_without_script(visit, reports, name):
    page = visit(name, java_script_enabled=False)
    expect(page.locator("#filters")).to_be_hidden()
    folded = page.locator("#findings > details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    rows = page.locator(".results tbody tr")
    assert rows.count() == len(listed(reports.scans[name]))
    for row in rows.all():
        assert row.is_visible()


def test_a_link_without_script_opens_what_it_leads_to(visit, reports):
    page = visit(java_script_enabled=False)
    page.locator("#resources summary").click()
    link = page.locator("#resources li a").last
    target = link.get_attribute("href")
    link.click()
    expect(page.locator(target)).to_be_in_viewport()


def test_facets_narrow_and_count_each_other(visit, reports):
    scan = reports.scans["ordinary"]
    page = visit()
    assert set(shown(page)) == listed(scan)
    check(page, "status", "fail")
    expect(page.locator("#shown")).to_have_text(
        f"Showing {len(listed(scan, status='fail'))} of {len(listed(scan))} listed results"
    )
    check(page, "severity", "high")
    expect(page.locator("#filtered")).to_be_visible()
    wanted = listed(scan, status="fail", severity="high")
    expect(page.locator("#shown")).to_have_text(f"Showing {len(wanted)} of {len(listed(scan))} listed results")
    assert set(shown(page)) == wanted
    for box in page.locator("#filters input[name=region]").all():
        count = box.locator("xpath=../output").inner_text()
        assert int(count) == len(listed(scan, status="fail", severity="high", region=box.get_attribute("value")))
    links = page.evaluate(
        "[...document.querySelectorAll('.resources a')].filter(a => !a.closest('[hidden]')).map(a => a.hash.slice(1))"
    )
    assert set(links) == wanted
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#filtered")).to_be_hidden()
    assert set(shown(page)) == listed(scan)


def test_search_finds_names_rules_and_evidence(visit, reports):
    scan = reports.scans["ordinary"]
    finding = next(item for item in scan.findings if words.status(item) == "fail")
    page = visit()
    page.locator("#search").fill(finding.resource.id.upper())
    expect(page.locator(f"#f-{finding.fingerprint[:12]}")).to_be_visible()
    expect(page).to_have_url(re.compile("#q="))
    assert f"f-{finding.fingerprint[:12]}" in shown(page)
    assert len(shown(page)) < len(listed(scan))
    page.locator("#search").fill("no such thing")
    expect(page.locator("#shown")).to_contain_text("Showing 0 of")
    assert shown(page) == []


def test_the_state_stands_in_the_address_and_comes_back_from_it(visit, reports):
    page = visit()
    check(page, "status", "unknown")
    check(page, "severity", "high")
    page.locator("#search").fill("subnet")
    expect(page).to_have_url(re.compile("#q=subnet&status=unknown&severity=high$"))
    at = page.evaluate("location.hash")
    again = visit(at=at)
    assert shown(again) == shown(page)
    assert again.locator("#search").input_value() == "subnet"
    assert again.locator("#filters input[name=status][value=unknown]").is_checked()
    assert page.seen == again.seen == []


def test_a_deep_link_opens_its_rule_even_where_a_filter_hides_it(visit, reports):
    finding = next(item for item in reports.scans["ordinary"].findings if words.status(item) == "unknown")
    target = f"#f-{finding.fingerprint[:12]}"
    page = visit(at=target)
    expect(page.locator(target)).to_be_in_viewport()
    page = visit(at="#status=fail")
    expect(page.locator(target)).to_be_hidden()
    page.evaluate(f"location.hash = '{target}'")
    expect(page.locator(target)).to_be_in_viewport()


@pytest.mark.parametrize("at", ["#%", "#%E0%A4%A", "#a=%", "#=", "#status=", "#q=%3Cscript%3E", "#status=%00", "#f-'\"\\"])
def test_a_broken_address_breaks_nothing(visit, reports, at):
    page = visit(at=at)
    page.wait_for_load_state()
    assert page.seen == []


def test_the_keyboard_reaches_everything(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the report")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("a/b")
    assert page.locator("#search").input_value() == "a/b"
    page.keyboard.press("Escape")
    assert page.locator("#search").input_value() == ""
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    first = page.locator(".rule > summary").first
    first.focus()
    before = page.locator(".rule").first.get_attribute("open")
    page.keyboard.press("Enter")
    assert page.locator(".rule").first.get_attribute("open") != before


def test_all_open_and_all_close(visit):
    page = visit()
    page.get_by_role("button", name="Close all").click()
    assert page.locator(".rule[open]").count() == 0
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".rule:not([open])").count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_print_shows_what_is_filtered_in_whatever_is_folded(visit, reports, script):
    page = visit(java_script_enabled=script)
    if script:
        check(page, "status", "fail")
        expect(page).to_have_url(re.compile("#status=fail$"))
        page.get_by_role("button", name="Close all").click()
    page.emulate_media(media="print")
    expect(page.locator("aside")).to_be_hidden()
    rows = page.locator(".results tbody tr").all()
    printed = {row.get_attribute("id") for row in rows if row.is_visible()}
    assert printed == (listed(reports.scans["ordinary"], status="fail") if script else listed(reports.scans["ordinary"]))
    if script:
        expect(page.locator("#filtered")).to_have_text(re.compile(r"Filtered: showing \d+ of \d+ listed results\."))
    assert page.pdf().startswith(b"%PDF")


def test_many_findings_open_and_pack_small(browser, tmp_path):
    import gzip

    path = tmp_path / "many.html"
    write(synthetic(20_000), "html", path)
    assert len(gzip.compress(path.read_bytes())) < 1_500_000
    page = browser.new_page()
    page.goto(path.as_uri())
    expect(page.locator("#shown")).to_have_text(re.compile(r"[\d,]+ listed results"))
    page.close()
