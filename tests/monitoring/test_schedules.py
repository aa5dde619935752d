"""Which kinds of monitoring an endpoint has: those of schedules that are on, named directly or through a definition."""

import pytest

from auditor.model.inventory import Gap, SourceKind
from auditor.model.values import Kind, OneOf, Unknown
from auditor.monitoring.schedules import monitored_kinds
from tests.monitoring.worlds import ACCOUNT, REGION, SAGEMAKER, thing, world

SCHEDULE, ENDPOINT = f"{SAGEMAKER}MonitoringSchedule", f"{SAGEMAKER}Endpoint"
CHURN = thing(ENDPOINT, "churn", EndpointName="churn")
ON = {"MonitoringScheduleStatus": "Scheduled"}
OFF = {"MonitoringScheduleStatus": "Stopped"}
UNREAD = Gap(ACCOUNT, REGION, "sagemaker:ListMonitoringSchedules", SCHEDULE, "AccessDenied", "no")
DEFERRED = Unknown(Kind.DEFERRED, "a parameter")
TEMPLATE = SourceKind.CLOUDFORMATION


def schedule(name, runtime=ON, endpoint="churn", **config):
    own = {"EndpointName": endpoint} if endpoint else {}
    return thing(SCHEDULE, name, runtime, MonitoringScheduleConfig=config, **own)


def inline(endpoint="churn"):
    return {"MonitoringJobDefinition": {"MonitoringInputs": [{"EndpointInput": {"EndpointName": endpoint}}]}}


def definition(kind, endpoint="churn"):
    given = {f"{kind}JobInput": {"EndpointInput": {"EndpointName": endpoint}}}
    return thing(f"{SAGEMAKER}{kind}JobDefinition", f"{kind}-1", JobDefinitionName=f"{kind}-1", **given)


def of(kind):
    return {"MonitoringJobDefinitionName": f"{kind}-1"}


@pytest.mark.parametrize(
    ("others", "kinds"),
    [
        ([], []),
        ([schedule("s", MonitoringType="ModelBias")], ["ModelBias"]),
        ([schedule("s", runtime=OFF, MonitoringType="ModelBias")], []),
        ([schedule("s", runtime={"MonitoringScheduleStatus": "Failed"}, MonitoringType="ModelBias")], []),
        ([schedule("s", runtime={"MonitoringScheduleStatus": "Pending"}, MonitoringType="ModelBias")], ["ModelBias"]),
        ([schedule("s", endpoint="fraud", MonitoringType="ModelBias")], []),
        ([schedule("s", endpoint="", **inline())], ["DataQuality"]),
        ([schedule("s", **inline())], ["DataQuality"]),
        ([schedule("s", endpoint="", **of("ModelQuality")), definition("ModelQuality")], ["ModelQuality"]),
        ([schedule("s", endpoint="", **of("ModelQuality")), definition("ModelQuality", "fraud")], []),
        ([definition("ModelQuality")], []),
        (
            [
                schedule("b", MonitoringType="ModelBias"),
                schedule("a", MonitoringType="DataQuality"),
                schedule("c", runtime=OFF),
            ],
            ["DataQuality", "ModelBias"],
        ),
        ([schedule("s", MonitoringType="ModelBias"), schedule("t", MonitoringType=DEFERRED)], ["ModelBias", DEFERRED]),
    ],
)
def test_the_kinds_of_schedules_that_are_on(others, kinds):
    found = monitored_kinds(world(CHURN, *others), CHURN)
    assert found.value == kinds
    assert found.because


@pytest.mark.parametrize(
    ("others", "options", "kind"),
    [
        ([], {"gaps": [UNREAD]}, Kind.UNREAD),
        ([schedule("s", runtime=OFF)], {"gaps": [UNREAD]}, Kind.UNREAD),
        ([], {"kind": TEMPLATE}, Kind.OUTSIDE),
        ([schedule("s", runtime={})], {}, Kind.UNREAD),
        ([schedule("s", runtime={"MonitoringScheduleStatus": Unknown(Kind.UNREAD, "denied")})], {}, Kind.UNREAD),
        ([schedule("s", endpoint=DEFERRED)], {"kind": TEMPLATE}, Kind.DEFERRED),
        ([schedule("s", MonitoringType=OneOf(("DataQuality", "ModelBias")))], {}, Kind.DEFERRED),
        ([schedule("s", endpoint="", MonitoringJobDefinitionName=DEFERRED), definition("ModelBias")], {}, Kind.DEFERRED),
    ],
)
def test_what_is_not_known_is_never_none(others, options, kind):
    found = monitored_kinds(world(CHURN, *others, **options), CHURN).value
    assert isinstance(found, Unknown)
    assert found.kind is kind


def test_a_template_has_no_status_and_is_taken_to_be_deployed():
    found = monitored_kinds(world(CHURN, schedule("s", runtime={}, MonitoringType="ModelBias"), kind=TEMPLATE), CHURN)
    assert found.value[0] == "ModelBias"


def test_another_kind_may_be_declared_elsewhere_or_not_have_been_read():
    one = schedule("s", MonitoringType="ModelBias")
    for options in ({"kind": TEMPLATE}, {"gaps": [UNREAD]}):
        kinds = monitored_kinds(world(CHURN, one, **options), CHURN).value
        assert kinds[0] == "ModelBias"
        assert isinstance(kinds[1], Unknown)
