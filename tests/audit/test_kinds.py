"""What a file is, by its content."""

import json
import os
from pathlib import Path

import pytest

from auditor.audit.files import find_files, kind_of
from auditor.files.errors import InputError
from auditor.model.inventory import SourceKind

TEMPLATE = {"Description": "a", "Resources": {"Key": {"Type": "AWS::KMS::Key"}}}
PLAN = {"format_version": "1.2", "planned_values": {}}
CONTENTS = {
    "a template": (json.dumps(TEMPLATE, indent=1), SourceKind.CLOUDFORMATION),
    "a template on one line": (json.dumps(TEMPLATE), SourceKind.CLOUDFORMATION),
    "a template without a blank": (json.dumps(TEMPLATE, separators=(",", ":")), SourceKind.CLOUDFORMATION),
    "a template in YAML": ("# ours\nResources:\n  Key: {Type: AWS::KMS::Key}\n", SourceKind.CLOUDFORMATION),
    "a template for later": ("AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n", SourceKind.CLOUDFORMATION),
    "a long template": ("#" * 70_000 + "\nResources:\n  Key: {Type: AWS::KMS::Key}\n", SourceKind.CLOUDFORMATION),
    "a plan": (json.dumps(PLAN), SourceKind.TERRAFORM),
    "a plan with a byte order mark": ("\ufeff" + json.dumps(PLAN), SourceKind.TERRAFORM),
    "settings": ("Resources: [cpu, memory]\n", None),
    "blank lines": ("\n" * 300_000, None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("text", "kind"), CONTENTS.values(), ids=CONTENTS)
def test_kind(tmp_path: Path, text, kind):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    assert kind_of(path) is kind
    assert list(find_files((tmp_path,))) == ([path] if kind else [])


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    path = tmp_path / "x.json"
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        kind_of(path)


def test_folders_in_a_stable_order_without_links_to_folders(tmp_path: Path):
    for name in ("b/t.yaml", "a/t.json", "a/deep/er/t.template", "c.yaml", ".git/t.yaml", "a/t.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Resources:\n  Key: {Type: AWS::KMS::Key}\n")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "d.yaml").mkdir()
    found = [str(path.relative_to(tmp_path)) for path in find_files((tmp_path, tmp_path / "c.yaml"))]
    assert found == ["a/deep/er/t.template", "a/t.json", "b/t.yaml", "c.yaml"]


def test_folders_inside_each_other_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(1_100):
        Path("a").mkdir()
        os.chdir("a")
    try:
        assert list(find_files((tmp_path,))) == []
    finally:
        # a path this long is beyond what most ways of removing a tree follow
        for _ in range(1_100):
            os.chdir("..")
            Path("a").rmdir()


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def denied(path: Path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        list(find_files((tmp_path,)))
