"""Synthetic scans of any size: every verdict, gaps, waivers, hops, references, and names that mean harm."""

from __future__ import annotations

import dataclasses
from bisect import bisect
from itertools import accumulate
from typing import Any

from auditor.model.finding import Evidence, Finding, Severity, Subject, Verdict, Waiver, fingerprint
from auditor.model.inventory import Gap
from auditor.model.resource import Origin
from auditor.model.scan import (
    Attestation,
    ControlCoverage,
    Coverage,
    Framework,
    FrameworkControl,
    Identity,
    Input,
    Published,
    RuleInfo,
    Scan,
)

HOSTILE = [
    "</script><script>window.__pwned = 1; alert(1)</script>",
    "\"><img src=x onerror='window.__pwned = 1'>",
    '\'" onmouseover="window.__pwned=1" x=\'',
    "abc\u202egpj.exe\u202c",
    "\u2066isolated\u2069 \u200fright",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "--><!-- </style><style>*{display:none}</style>",
    "long-" + "name" * 512,
    "bell\x07\x1b[31mred\x1b]0;title\x07\x9b31m",
    "pipe | `tick` **bold** <b>x</b> @octocat #1 [l](http://evil.example) www.evil.example",
    "=cmd|' /C calc'!A0",
    "half \ud800 pair",
    "שלום עולם",
    "line\nbreak\ttab",
]

# fmt: off
_RULES = [
    ("sagemaker-notebook-internet", "Notebook has no direct internet access", "critical", "network-isolation", "NotebookInstance"),
    ("sagemaker-notebook-private-subnet", "Notebook runs in a private subnet", "high", "private-subnets", "NotebookInstance"),
    ("sagemaker-training-network-isolation", "Training job runs in network isolation", "high", "network-isolation", "TrainingJob"),
    ("sagemaker-training-tls", "Training traffic between containers is encrypted", "medium", "encryption-in-transit", "TrainingJob"),
    ("sagemaker-training-volume-key", "Training data is under a customer managed key", "high", "encryption-at-rest", "TrainingJob"),
    ("sagemaker-model-network-isolation", "Model containers run in network isolation", "high", "network-isolation", "Model"),
    ("sagemaker-endpoint-data-capture", "Endpoint captures its data", "medium", "monitoring", "EndpointConfig"),
    ("sagemaker-endpoint-alarm", "Endpoint has an alarm that notifies somebody", "medium", "monitoring", "Endpoint"),
    ("s3-model-bucket-key", "Model artefacts lie encrypted under a customer managed key", "high", "encryption-at-rest", "Model"),
    ("iam-execution-role-admin", "Execution role is not an administrator", "critical", "least-privilege", "Role"),
    ("cloudtrail-multi-region", "CloudTrail records every region", "low", "audit-trail", "Trail"),
    ("account-root-mfa", "The root user signs in with MFA", "critical", "identity", "Account"),
]
# fmt: on

_CONTROLS = {
    "network-isolation": "Network isolation",
    "private-subnets": "Private subnets",
    "encryption-in-transit": "Encryption in transit",
    "encryption-at-rest": "Encryption at rest",
    "monitoring": "Monitoring and alerting",
    "least-privilege": "Least privilege",
    "audit-trail": "Audit trail",
    "identity": "Identity",
    "bias": "Bias and explainability",
}

_FRAMEWORKS = {
    "ml-checklist": Framework(
        "ML security checklist",
        "https://example.com/checklist",
        [
            FrameworkControl(f"ML.{number}", title, [control], attestations=[1] if control == "bias" else [])
            for number, (control, title) in enumerate(_CONTROLS.items(), 1)
        ],
    ),
    "nist-800-53": Framework(
        "NIST SP 800-53 rev. 5",
        "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
        [
            FrameworkControl("SC-7", "Boundary protection", ["network-isolation", "private-subnets"]),
            FrameworkControl("SC-28", "Protection of information at rest", ["encryption-at-rest"]),
            FrameworkControl("AU-2", "Event logging", ["audit-trail"]),
            FrameworkControl("PE-3", "Physical access control", attestations=[0]),
        ],
        Published(1_196, "https://csrc.nist.gov/", "with enhancements"),
    ),
}

ATTESTATIONS = [
    Attestation("PE-3", "The building is locked.", "Jo Doe", "2026-10-01", "2027-10-01", "audit-4711", "nist-800-53"),
    Attestation(
        "bias", "Looked at by hand.", "Ed Roe", "2025-01-01", "2026-01-01", "wiki", accounts=["123456789012"], expired=True
    ),
]

# how the findings spread over the first eleven rules, in percent; the twelfth meets no resource
_WEIGHTS = (4, 4, 20, 20, 20, 8, 5, 5, 8, 4, 2)
_ALWAYS_PASSES = "cloudtrail-multi-region"

_NAMES = ["fraud-exploration", "churn-train", "pricing-model", "vision-batch", "ranker-v2", "forecast-nightly"]
_REGIONS = ["eu-central-1", "us-east-1", "eu-west-1"]
_ACCOUNTS = ["123456789012", "210987654321"]


def _frameworks_of(control: str) -> dict[str, list[str]]:
    return {
        name: ids
        for name, framework in _FRAMEWORKS.items()
        if (ids := [item.id for item in framework.controls if control in item.controls])
    }


def rule_info(identifier: str, title: str, severity: str, control: str, resource: str) -> RuleInfo:
    return RuleInfo(
        id=identifier,
        title=title,
        severity=Severity(severity),
        control=control,
        resource=f"AWS::SageMaker::{resource}",
        why="Whoever gets code to run in the container can send the training data anywhere.\nNothing else stands in the way.",
        fix={
            "text": "Recreate it with the property set; it cannot be changed in place.",
            "cli": f"aws sagemaker create-{resource.lower()} \\\n  --direct-internet-access Disabled",
            "terraform": f'resource "aws_sagemaker_{resource.lower()}" "this" {{\n  direct_internet_access = "Disabled"\n}}',
            "cloudformation": f"Type: AWS::SageMaker::{resource}\nProperties:\n  DirectInternetAccess: Disabled",
        },
        aliases=["SageMaker.1"],
        frameworks=_frameworks_of(control),
        source=["https://docs.aws.amazon.com/sagemaker/latest/dg/infrastructure-security.html"],
    )


def _evidence(verdict: Verdict, number: int, origin: Origin) -> tuple[Evidence, ...]:
    found: Any
    if verdict is Verdict.UNKNOWN:
        kind = ("unread", "deferred", "outside")[number % 3]
        reason = {
            "unread": "ec2:DescribeRouteTables failed: UnauthorizedOperation",
            "deferred": "!Ref SubnetId",
            "outside": "subnet-9 is not here",
        }
        found = {"$unknown": {"kind": kind, "reason": reason[kind], "present": "yes"}}
        return (Evidence("SubnetId", "refers to a subnet whose facts.internet_route is false", found, origin, unknown=kind),)
    if verdict is Verdict.FAIL and number % 4 == 0:
        hops = (
            "fraud-exploration lies in subnet-0a1",
            "subnet-0a1 uses route table rtb-77",
            "rtb-77 sends 0.0.0.0/0 to igw-0a1",
        )
        return (
            Evidence("SubnetId", "refers to a subnet", {"$reference": {"target": "subnet-0a1", "attribute": ""}}, origin),
            Evidence(
                "facts.internet_route",
                "equals false",
                True,
                Origin("ec2:DescribeRouteTables"),
                resource="subnet-0a1",
                hops=hops,
            ),
        )
    found = {"$absent": True} if number % 3 == 0 else "Enabled" if verdict is Verdict.FAIL else "Disabled"
    return (Evidence("DirectInternetAccess", "equals Disabled", found, origin),)


def _finding(number: int, info: RuleInfo, verdict: Verdict, name: str, waiver: Waiver | None) -> Finding:
    account, region = _ACCOUNTS[number % 5 == 0], _REGIONS[number % 3]
    origin = Origin(f"sagemaker:Describe{info.resource.rpartition('::')[2]}")
    arn = f"arn:aws:sagemaker:{region}:{account}:{info.resource.rpartition('::')[2].lower()}/{name}"
    if number % 7 == 6:
        origin, account, region, arn = Origin("templates/notebook.yaml", 12 + number, 7), "", "", ""
    subject = Subject(info.resource, name, origin, account, region, arn)
    return Finding(
        rule=info.id,
        severity=info.severity,
        control=info.control,
        verdict=verdict,
        resource=subject,
        fingerprint=fingerprint(info.id, subject),
        evidence=_evidence(verdict, number, origin),
        assumptions=("No service control policy restricts this account.",) if number % 11 == 0 else (),
        frameworks=info.frameworks,
        waiver=waiver,
    )


def synthetic(count: int, *, failing: float = 0.3, unknown: float = 0.1, hostile: bool = False, gaps: int = 2) -> Scan:
    """A scan of ``count`` findings, most about training jobs; ``failing`` and ``unknown`` are fractions of them."""
    rules = {entry[0]: rule_info(*entry) for entry in _RULES}
    edges = list(accumulate(_WEIGHTS))
    waiver = Waiver("Behind a proxy until the move", "ml-platform", "2027-03-01")
    findings = []
    for number in range(count):
        # two sequences that fill their ranges evenly, so that every mix of rule and verdict occurs
        info = rules[_RULES[bisect(edges, 100 * (number * 0.7548776662 % 1))][0]]
        verdict = _verdict(number * 0.5698402910 % 1, failing, unknown) if info.id != _ALWAYS_PASSES else Verdict.PASS
        name = f"{HOSTILE[number % len(HOSTILE)]}{number}" if hostile else f"{_NAMES[number % len(_NAMES)]}-{number}"
        findings.append(_finding(number, info, verdict, name, waiver if verdict is Verdict.FAIL and number % 9 == 0 else None))
    return scan_of(findings, rules, gaps, hostile=hostile)


def _verdict(share: float, failing: float, unknown: float) -> Verdict:
    if share < failing:
        return Verdict.FAIL
    if share < failing + unknown:
        return Verdict.UNKNOWN
    return Verdict.NOT_APPLICABLE if share > 0.95 else Verdict.PASS


def scan_of(findings: list[Finding], rules: dict[str, RuleInfo], gaps: int = 0, *, hostile: bool = False) -> Scan:
    """A scan of these findings, with its counts right."""
    bad = HOSTILE[0] if hostile else ""
    return Scan(
        command="scan",
        started="2026-11-24T08:00:00Z",
        version="0.1.0",
        rules_digest="b1946ac92492d2347c6235b4d2611184",
        rules=rules,
        findings=findings,
        counts={verdict.value: sum(item.verdict is verdict for item in findings) for verdict in Verdict},
        severities={
            severity.value: sum(
                item.verdict is Verdict.FAIL and item.severity is severity and item.waiver is None for item in findings
            )
            for severity in Severity
        },
        coverage=Coverage(
            controls=[_coverage(name, title, findings) for name, title in _CONTROLS.items()],
            resources={"AWS::SageMaker::Model": 12, "AWS::SageMaker::NotebookInstance": 4},
            regions=["eu-central-1", "us-east-1"],
            quiet_regions=["ap-south-1", "sa-east-1"],
            calls={"sagemaker:ListModels": 2, "ec2:DescribeRouteTables": 2, "sagemaker:DescribeNotebookInstance": 40},
            gaps=[
                Gap(
                    "123456789012",
                    "us-east-1",
                    f"ec2:DescribeRouteTables{bad}",
                    "AWS::EC2::RouteTable",
                    "UnauthorizedOperation",
                    f"You are not authorized {bad}",
                    "",
                    ("Routes",),
                )
                for _ in range(gaps)
            ],
        ),
        inputs=[Input("live", f"account 123456789012{bad}", "", 16, 16)],
        identity=Identity("123456789012", f"arn:aws:iam::123456789012:role/audit{bad}"),
        assumptions=["No service control policy restricts this account."],
        attestations=ATTESTATIONS,
        frameworks={name: _looked_at(framework, findings, rules) for name, framework in _FRAMEWORKS.items()},
        warnings=["waivers.yaml: one waiver matches nothing"],
    )


def _looked_at(framework: Framework, findings: list[Finding], rules: dict[str, RuleInfo]) -> Framework:
    return dataclasses.replace(framework, controls=[_decided(item, findings, rules) for item in framework.controls])


def _decided(item: FrameworkControl, findings: list[Finding], rules: dict[str, RuleInfo]) -> FrameworkControl:
    found = [_tally([one for one in findings if one.control == own]) for own in item.controls]
    together = {name: sum(tally[name] for tally in found) for name in found[0]} if found else {}
    return dataclasses.replace(item, rules=[rule.id for rule in rules.values() if rule.control in item.controls], **together)


def _coverage(control: str, title: str, findings: list[Finding]) -> ControlCoverage:
    return ControlCoverage(control, title, **_tally([item for item in findings if item.control == control]))


def _tally(own: list[Finding]) -> dict[str, Any]:
    of = {verdict: sum(item.verdict is verdict for item in own) for verdict in Verdict}
    return {
        "examined": len(own) - of[Verdict.NOT_APPLICABLE],
        "passed": of[Verdict.PASS],
        "failed": of[Verdict.FAIL],
        "unknown": of[Verdict.UNKNOWN],
        "unread": sum(item.unread for item in own),
        "not_applicable": of[Verdict.NOT_APPLICABLE],
    }


def most_bytes(rules: int, results: int) -> int:
    """How long a page may be that lists so many results of so many rules: the texts of a rule stand on it once."""
    return 150_000 + 2_000 * rules + 700 * results
