"""What a record can say of its calls: lists of an item, parents, reports made first, tables, times. Each fails as any call does."""

from __future__ import annotations

import base64
import datetime
import json
from dataclasses import replace

import pytest

from auditor.model.resource_type import BOOLEAN, INTEGER, SINCE, STRING, Call, Live, ResourceType
from auditor.model.values import Kind, Presence, Unknown
from auditor.sources.aws.calls import Caller
from auditor.sources.aws.collect import collect
from auditor.sources.aws.listing import PAUSES
from auditor.sources.aws.permissions import operations
from auditor.sources.aws.session import reading_session
from auditor.sources.batch import gather
from tests.sources.aws.conftest import HERE
from tests.sources.aws.wire import XML, Wire, answer, error, read_timeout

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


# nothing else answers: moto lacks some of these operations, and is asked even where another has answered
WHO = "<Arn>arn:aws:iam::123456789012:user/u</Arn><Account>123456789012</Account>"
IDENTITY = f"<R><GetCallerIdentityResult>{WHO}</GetCallerIdentityResult></R>"
REGIONS = f"<R><regionInfo><item><regionName>{HERE}</regionName></item></regionInfo></R>"
PLACES = {"sts.GetCallerIdentity": answer(200, IDENTITY, XML), "ec2.DescribeRegions": answer(200, REGIONS, XML)}


def read(record, wire, **arguments):
    wire.faults |= PLACES
    opened = reading_session(types={record.name: record}, hooks={"before-send": wire})
    batches = collect(opened, {record.name: record}, [HERE], **arguments)
    return gather(batches, opened.identity(), NOW, {record.name: record}, "account")[0]


def gaps(inventory):
    return [(gap.operation, gap.code, gap.resource, gap.provides) for gap in inventory.gaps]


def body(request):
    content = json.loads(request.body)
    return content if isinstance(content, dict) else {}


def ok(**content):
    return answer(200, json.dumps(content))


# -- a list of an item -------------------------------------------------------------------------------------------------------


LABELLED = ResourceType(
    name="Test::Labelled",
    title="model",
    source="",
    identifiers=("ModelName",),
    properties={"ModelName": STRING, "Labels": [{"Key": STRING, "Value": STRING}]},
    everywhere=True,
    live=Live(
        listing=Call("sagemaker:ListModels", result="Models[]"),
        each=(
            Call(
                "sagemaker:ListTags",
                args={"ResourceArn": "ModelArn"},
                result="Tags[]",
                into="Labels",
                absent=("ValidationException: no labels",),
                provides=("Labels",),
            ),
        ),
        arn="ModelArn",
    ),
)
ONE_MODEL = ok(Models=[{"ModelName": "m", "ModelArn": "arn:m"}])


def labels(fault):
    inventory = read(LABELLED, Wire({"sagemaker.ListModels": ONE_MODEL, "sagemaker.ListTags": fault}))
    (model,) = inventory.of_type(LABELLED.name)
    return model.properties.get("Labels", "absent"), gaps(inventory)


def test_a_list_of_an_item_is_gathered_from_all_pages():
    def pages(request, count):
        second = {"Tags": [{"Key": "b", "Value": "2"}]}
        return ok(**(second if "NextToken" in body(request) else {"Tags": [{"Key": "a", "Value": "1"}], "NextToken": "x"}))(
            request, count
        )

    assert labels(pages) == ([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], [])


@pytest.mark.parametrize(
    ("fault", "found", "code"),
    [
        (ok(Tags=[]), [], None),
        (error("ValidationException", message="no labels here"), "absent", None),
        (error("ValidationException", message="wrong"), "unread", "ValidationException"),
        (error("AccessDeniedException"), "unread", "AccessDeniedException"),
        (ok(Other=[]), "unread", "Unparsable"),
        (ok(Tags=[{"Key": 3}]), "unread", "Unparsable"),
    ],
    ids=["empty", "not-set", "other-message", "denied", "no-list", "garbled"],
)
def test_a_list_that_fails_is_unread_whole(fault, found, code):
    value, gap = labels(fault)
    if code is None:
        assert (value, gap) == (found, [])
    else:
        assert value == Unknown(Kind.UNREAD, f"sagemaker:ListTags failed: {code}")
        assert gap == [("sagemaker:ListTags", code, "m", ("Labels",))]


def test_of_a_list_that_breaks_off_nothing_is_kept():
    def pages(request, count):
        fault = error("ThrottlingException") if "NextToken" in body(request) else ok(Tags=[], NextToken="x")
        return fault(request, count)

    value, _ = labels(pages)
    assert value == Unknown(Kind.UNREAD, "sagemaker:ListTags failed: ThrottlingException")


# -- pages that botocore does not know of -------------------------------------------------------------------------------------


PLAN = ResourceType(
    name="Test::Plan",
    title="savings plan",
    source="",
    identifiers=("savingsPlanId",),
    properties={"savingsPlanId": STRING},
    live=Live(scope="global", listing=Call("savingsplans:DescribeSavingsPlans", result="savingsPlans[]")),
)


@pytest.mark.parametrize(
    ("last", "found", "code"),
    [(None, ["one", "two"], None), ("x", ["one", "two"], "Unparsable")],
    ids=["two pages", "a page that follows itself"],
)
def test_pages_are_followed_where_botocore_has_no_paginator(last, found, code):
    def pages(request, count):
        name, token = ("two", last) if body(request).get("nextToken") == "x" else ("one", "x")
        return ok(savingsPlans=[{"savingsPlanId": name}], **({"nextToken": token} if token else {}))(request, count)

    inventory = read(PLAN, Wire({"savingsplans.DescribeSavingsPlans": pages}))
    assert [plan.id for plan in inventory.of_type(PLAN.name)] == found
    assert [gap.code for gap in inventory.gaps] == ([code] if code else [])


# -- what no call tells -------------------------------------------------------------------------------------------------------


def test_what_no_call_tells_is_unknown_rather_than_absent():
    record = replace(PLAN, properties={**PLAN.properties, "Owner": STRING}, live=replace(PLAN.live, untold=("Owner",)))
    inventory = read(record, Wire({"savingsplans.DescribeSavingsPlans": ok(savingsPlans=[{"savingsPlanId": "one"}])}))
    (plan,) = inventory.of_type(PLAN.name)
    assert plan.properties["Owner"] == Unknown(Kind.UNREAD, "no call that is made tells Owner")


def test_what_an_answer_has_an_error_for_is_unknown_rather_than_absent():
    live = replace(PLAN.live, withheld={"Owner": "ec2InstanceFamily"}, names={**PLAN.live.names, "Owner": ""})
    record = replace(PLAN, properties={**PLAN.properties, "Owner": STRING}, live=live)
    plans = [{"savingsPlanId": "one", "ec2InstanceFamily": "AccessDenied"}, {"savingsPlanId": "two"}]
    inventory = read(record, Wire({"savingsplans.DescribeSavingsPlans": ok(savingsPlans=plans)}))
    one, two = inventory.of_type(PLAN.name)
    assert one.properties["Owner"] == Unknown(Kind.UNREAD, "AWS did not tell Owner: AccessDenied", Presence.YES)
    assert "Owner" not in two.properties


# -- parents -----------------------------------------------------------------------------------------------------------------


PROFILE = ResourceType(
    name="Test::Profile",
    title="user profile",
    source="",
    identifiers=("UserProfileName",),
    properties={"UserProfileName": STRING, "DomainId": STRING, "DomainName": STRING, "Status": STRING},
    live=Live(
        parents=Call("sagemaker:ListDomains", result="Domains[]"),
        listing=Call("sagemaker:ListUserProfiles", args={"DomainIdEquals": "DomainId"}, result="UserProfiles[]"),
        arn="arn:{partition}:sagemaker:{region}:{account}:user-profile/{DomainId}/{UserProfileName}",
    ),
)


def domains(*ids):
    return ok(Domains=[{"DomainId": name, "DomainName": f"the {name}", "Status": "Pending"} for name in ids])


def profiles(**faults):
    def fault(request, count):
        owner = body(request)["DomainIdEquals"]
        made = ok(UserProfiles=[{"UserProfileName": f"user-{owner}", "Status": "InService"}])
        return faults.get(owner, made)(request, count)

    return fault


def test_items_are_asked_for_parent_by_parent():
    inventory = read(PROFILE, Wire({"sagemaker.ListDomains": domains("a", "b"), "sagemaker.ListUserProfiles": profiles()}))
    assert gaps(inventory) == []
    first, second = inventory.of_type(PROFILE.name)
    # its own members come before its parent's
    assert first.properties == {"UserProfileName": "user-a", "DomainId": "a", "DomainName": "the a", "Status": "InService"}
    assert second.arn == f"arn:aws:sagemaker:{HERE}:123456789012:user-profile/b/user-b"


@pytest.mark.parametrize(
    ("wire", "found", "unread"),
    [
        ({"ListDomains": ok(Domains=[])}, [], []),
        ({"ListDomains": error("AccessDeniedException")}, [], [("ListDomains", "AccessDeniedException")]),
        ({"ListDomains": ok(Domains=[{"DomainName": "x"}])}, [], [("ListUserProfiles", "Unparsable")]),
        (
            {"ListUserProfiles": profiles(a=error("AccessDeniedException"))},
            ["user-b"],
            [("ListUserProfiles", "AccessDeniedException")],
        ),
        ({"ListUserProfiles": profiles(b=read_timeout)}, ["user-a"], [("ListUserProfiles", "Timeout")]),
        # still listed, so it is not gone
        ({"ListUserProfiles": profiles(a=error("ResourceNotFound"))}, ["user-b"], [("ListUserProfiles", "ResourceNotFound")]),
    ],
    ids=["none", "parents-denied", "parent-without-id", "one-denied", "one-late", "one-missing"],
)
def test_parents_that_fail_leave_the_type_unread_and_the_others_alone(wire, found, unread):
    faults = {"ListDomains": domains("a", "b"), "ListUserProfiles": profiles(), **wire}
    inventory = read(PROFILE, Wire({f"sagemaker.{name}": fault for name, fault in faults.items()}))
    assert [item.id for item in inventory.of_type(PROFILE.name)] == found
    assert gaps(inventory) == [(f"sagemaker:{name}", code, "", ()) for name, code in unread]
    assert (inventory.unread_listing(PROFILE.name, "123456789012", HERE) is not None) == bool(unread)


def test_a_parent_deleted_meanwhile_is_no_gap():
    def listing(request, count):
        return (domains("b") if count else domains("a", "b"))(request, 0)

    wire = {"sagemaker.ListDomains": listing, "sagemaker.ListUserProfiles": profiles(a=error("ResourceNotFound"))}
    inventory = read(PROFILE, Wire(wire))
    assert [item.id for item in inventory.of_type(PROFILE.name)] == ["user-b"]
    assert gaps(inventory) == []


# -- a report that is made first, and a table ----------------------------------------------------------------------------------


CREDENTIALS = ResourceType(
    name="Test::Credentials",
    title="user",
    source="",
    identifiers=("UserName",),
    properties={"UserName": STRING, "MfaActive": BOOLEAN, "Region": STRING, "Keys": INTEGER},
    live=Live(
        scope="global",
        prepare=Call("iam:GenerateCredentialReport"),
        listing=Call("iam:GetCredentialReport", result="Content", form="csv"),
        names={"UserName": "user", "MfaActive": "mfa_active", "Region": "region", "Keys": "keys"},
        arn="arn",
    ),
)
TABLE = 'user,arn,mfa_active,region,keys\r\nroot,arn:root,true,N/A,2\r\n"a, b",arn:ab,false,no_information,not_supported\r\n'
PREPARE, GET = "iam.GenerateCredentialReport", "iam.GetCredentialReport"


def xml(operation, **members):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in members.items())
    return answer(200, f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>", XML)


def state(*states):
    def fault(request, count):
        return xml("GenerateCredentialReport", State=states[min(count, len(states) - 1)])(request, count)

    return fault


def report(content):
    content = content.encode() if isinstance(content, str) else content
    return xml("GetCredentialReport", Content=base64.b64encode(content).decode())


@pytest.fixture
def waited(monkeypatch):
    """The seconds that were let pass: noted, not waited."""
    waited = []
    monkeypatch.setattr(Caller, "pause", lambda _, seconds: waited.append(seconds))
    return waited


def test_a_table_is_read_row_by_row_once_it_is_made(waited):
    inventory = read(CREDENTIALS, Wire({PREPARE: state("STARTED", "INPROGRESS", "COMPLETE"), GET: report(TABLE)}))
    assert gaps(inventory) == []
    other, root = inventory.of_type(CREDENTIALS.name)
    assert root.properties == {"UserName": "root", "MfaActive": True, "Keys": 2}
    assert root.arn == "arn:root"
    assert other.properties == {"UserName": "a, b", "MfaActive": False}
    assert waited == list(PAUSES[:2])


@pytest.mark.parametrize(
    ("made", "asked", "code"),
    [
        (state("INPROGRESS"), len(PAUSES) + 1, "Timeout"),
        (xml("GenerateCredentialReport", Description="no"), 1, "Unparsable"),
        (answer(403, "<R><Error><Code>AccessDenied</Code><Message>no</Message></Error></R>", XML), 1, "AccessDenied"),
    ],
    ids=["never", "no-state", "denied"],
)
def test_a_report_that_is_not_made_is_not_asked_for(waited, made, asked, code):
    wire = Wire({PREPARE: made, GET: report(TABLE)})
    inventory = read(CREDENTIALS, wire)
    assert gaps(inventory) == [("iam:GenerateCredentialReport", code, "", ())]
    assert wire.asked.count(PREPARE) == asked
    assert GET not in wire.asked


def test_nobody_waits_for_a_report_when_the_reading_is_given_up():
    wire = Wire({PREPARE: state("INPROGRESS")})
    caller = Caller(reading_session(types={CREDENTIALS.name: CREDENTIALS}, hooks={"before-send": wire}), "global")
    caller.stop.set()
    with pytest.raises(Exception) as stopped:
        caller.pause(PAUSES[-1])
    assert stopped.type.__name__ == "StoppedError"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "\n",
        b"\xff\xfe\x00",
        "root,arn:root,true,N/A,2\n",
        "user,arn\nroot\n",
        "user,arn\nroot,arn:root,more\n",
        'user,arn\n"root,arn\n',
        "<html>Sign in</html>",
    ],
    ids=["empty", "blank", "bytes", "no-header", "short", "long", "open-quote", "html"],
)
def test_what_is_no_table_is_unparsable(waited, content):
    inventory = read(CREDENTIALS, Wire({PREPARE: state("COMPLETE"), GET: report(content)}))
    assert inventory.of_type(CREDENTIALS.name) == []
    assert gaps(inventory) == [("iam:GetCredentialReport", "Unparsable", "", ())]


def test_permissions_and_guard_know_every_call():
    assert {"iam:GenerateCredentialReport", "iam:GetCredentialReport"} <= set(operations({"": CREDENTIALS}))
    assert {"sagemaker:ListDomains", "sagemaker:ListUserProfiles"} <= set(operations({"": PROFILE}))
    named = replace(CREDENTIALS.live, actions={"iam:GenerateCredentialReport": "iam:Other"})
    assert operations({"": replace(CREDENTIALS, live=named)})["iam:GenerateCredentialReport"] == "iam:Other"


# -- since when --------------------------------------------------------------------------------------------------------------


JOB = ResourceType(
    name="Test::Job",
    title="job",
    source="",
    identifiers=("TrainingJobName",),
    properties={"TrainingJobName": STRING},
    live=Live(
        listing=Call("sagemaker:ListTrainingJobs", params={"CreationTimeAfter": SINCE}, result="TrainingJobSummaries[]"),
        arn="TrainingJobArn",
    ),
)
_SEARCH = {
    "Resource": "TrainingJob",
    "SearchExpression": {"Filters": [{"Name": "CreationTime", "Operator": "GreaterThan", "Value": SINCE}]},
}
FOUND = replace(
    JOB, live=Live(listing=Call("sagemaker:Search", params=_SEARCH, result="Results[].TrainingJob"), arn="TrainingJobArn")
)


@pytest.mark.parametrize(
    ("record", "sent"),
    [
        (JOB, lambda content: content["CreationTimeAfter"]),
        (FOUND, lambda content: content["SearchExpression"]["Filters"][0]["Value"]),
    ],
    ids=["a time", "text"],
)
@pytest.mark.parametrize("since", [NOW, None])
def test_jobs_are_asked_for_since_a_time(record, sent, since):
    contents = []
    result = record.live.listing.result.partition("[]")[0]

    def listing(request, count):
        contents.append(body(request))
        return ok(**{result: []})(request, count)

    wire = Wire({record.live.listing.operation.replace(":", "."): listing})
    inventory = read(record, wire, **({"since": since} if since else {}))
    assert gaps(inventory) == []
    begins = since or datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    text = begins.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sent(contents[0]) == (text if record is FOUND else begins.timestamp())
