"""A finding is recognised again wherever its repository is checked out and wherever the command is run."""

from pathlib import Path

import pytest

from auditor.audit.files import address_of, open_file
from auditor.audit.scan import scan_of
from auditor.rules import load_book

TEMPLATE = "Resources:\n  Model: {Type: AWS::SageMaker::Model}\n"


def marks(path):
    book = load_book().select(rules=["sagemaker-model-network-isolation"])
    return [finding.fingerprint for finding in scan_of("gate", book, [open_file(path, book)]).findings]


@pytest.fixture
def checkouts(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir(parents=True)
        (tmp_path / name / "infra").mkdir()
        (tmp_path / name / "infra" / "model.yaml").write_text(TEMPLATE)
    return tmp_path


def test_the_same_in_every_checkout_and_from_every_folder(checkouts, monkeypatch):
    whole = marks(checkouts / "one" / "infra" / "model.yaml")
    assert whole == marks(checkouts / "two" / "infra" / "model.yaml")
    monkeypatch.chdir(checkouts / "one" / "infra")

    assert whole == marks(Path("model.yaml"))


def test_edits_elsewhere_in_the_file_do_not_change_it(checkouts):
    path = checkouts / "one" / "infra" / "model.yaml"
    before = marks(path)
    path.write_text("# a comment\n\n" + TEMPLATE)
    assert marks(path) == before


def test_another_file_and_another_resource_are_others(checkouts):
    path = checkouts / "one" / "infra" / "model.yaml"
    other = checkouts / "one" / "infra" / "other.yaml"
    other.write_text(TEMPLATE)
    renamed = checkouts / "two" / "infra" / "model.yaml"
    renamed.write_text(TEMPLATE.replace("Model:", "Other:"))
    assert len({*marks(path), *marks(other), *marks(renamed)}) == 3


def test_outside_of_a_repository_the_name_is_all_there_is(tmp_path):
    (tmp_path / "x.yaml").write_text(TEMPLATE)
    assert address_of(tmp_path / "x.yaml") == "x.yaml"
