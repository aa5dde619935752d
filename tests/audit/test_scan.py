"""What a scan says of itself: of when its sources are, what was looked at, and what its verdicts take for granted."""

import datetime

from auditor.audit.account import needed_records
from auditor.audit.files import open_file
from auditor.audit.scan import Source, scan_of
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.scan import Identity
from auditor.rules import load_book
from auditor.sources.batch import Collection
from auditor.types import all_types

BOOK = load_book().select(rules=["sagemaker-model-network-isolation"])
CONDITIONAL = """
Parameters: {Stage: {Type: String}}
Conditions: {Live: !Equals [!Ref Stage, live]}
Resources:
  Model: {Type: AWS::SageMaker::Model, Condition: Live, Properties: {EnableNetworkIsolation: true}}
"""


def account(number, day, regions, quiet):
    when = datetime.datetime(2026, 1, day, tzinfo=datetime.UTC)
    return Source(
        Inventory(SourceKind.SNAPSHOT, number, all_types(), when),
        collection=Collection(Identity(number), when, regions, quiet, {}),
    )


def test_a_verdict_on_what_may_not_be_there_says_so(tmp_path):
    path = tmp_path / "model.yaml"
    path.write_text(CONDITIONAL)
    scan = scan_of("gate", BOOK, [open_file(path, BOOK)])
    [finding] = scan.findings
    assert finding.assumptions[0] == "Model is there only if condition Live holds, and is judged as if it were"
    assert scan.assumptions == list(finding.assumptions)


def test_several_accounts_are_as_old_as_the_oldest_and_quiet_where_all_are():
    one = account("111122223333", 9, ("eu-west-1",), ("us-east-1", "us-west-2"))
    other = account("999988887777", 2, ("us-east-1",), ("eu-west-1", "us-west-2"))
    scan = scan_of("gate", BOOK, [one, other])
    assert scan.started.startswith("2026-01-02T00:00:00")
    assert scan.coverage.regions == ["eu-west-1", "us-east-1"]
    assert scan.coverage.quiet_regions == ["us-west-2"]


def test_all_machine_learning_tells_whether_a_region_is_quiet_whatever_the_rules_are_about():
    records = needed_records(load_book().select(rules=["cloudtrail-multi-region-logging", "sagemaker-model-network-isolation"]))
    assert {"Auditor::Region", "AWS::CloudTrail::Trail"} <= records.keys()
    assert {name for name, record in all_types().items() if record.ml} <= records.keys()
