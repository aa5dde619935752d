"""What is installed works away from the checkout."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_its_data_and_no_top_level_strangers(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"auditor", f"ml_auditor-{wheel.name.split('-')[1]}.dist-info"}
    assert any(name.startswith("auditor/_data/rules/sagemaker/") for name in names)
    assert any(name.startswith("auditor/_data/reports/templates/") for name in names)


def test_rules_list_from_the_installed_wheel(wheel, tmp_path):
    # the dependencies are this environment's own; the package itself comes from the wheel alone
    venv.create(tmp_path / "env", with_pip=False)
    target = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)], check=True
    )
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{target}:{packages}"}
    program = (
        "import auditor, sys; print(auditor.__file__); sys.argv[1:] = ['rules', 'list']; from auditor.cli import main; main()"
    )
    result = subprocess.run(
        [tmp_path / "env" / "bin" / "python", "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    place, *lines = result.stdout.splitlines()
    assert Path(place).is_relative_to(target)
    rules = {path.stem for path in (ROOT / "rules").glob("*/*.yaml") if path.parent.name != "frameworks"}
    assert {line.split()[0] for line in lines} == rules
