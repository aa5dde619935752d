"""What the documents say is so."""

import re
import subprocess
from pathlib import Path

import pytest

from auditor.rules import load_book

ROOT = Path(__file__).parents[2]


def test_the_readme_holds_the_two_commands_that_ci_runs():
    blocks = re.findall(r"^```sh (\w+)\n(.*?)\n```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["demo", "test"]
    assert all("\n" not in command and command.startswith("python3 -m venv") for _, command in blocks)


def test_the_readme_says_how_much_is_checked():
    text, book = (ROOT / "README.md").read_text(), load_book()
    items = [*book.frameworks["ml-checklist"].controls, *book.frameworks["hipaa"].controls]
    wanted = [
        f"| {item.id} | {item.title.removesuffix(' (required)')} | {len(item.rules)} |"
        for item in items
        if item.id.startswith(("ML-", "HIPAA-"))
    ]
    assert [line for line in text.splitlines() if re.match(r"\| (ML|HIPAA)-", line)] == wanted
    assert f"\n{len(book.rules)} rules about " in text


def test_links_between_documents_lead_somewhere():
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        prose = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", prose):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_architecture_names_every_package():
    text = (ROOT / "docs" / "architecture.md").read_text()
    packages = [path.parent.name for path in (ROOT / "auditor").glob("*/__init__.py")]
    assert not [name for name in packages if f"`{name}`" not in text]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_nothing_of_a_developers_machine_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in tracked if name.endswith((".pyc", ".partial")) or "/.venv/" in name]
