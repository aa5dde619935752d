"""Networks, what stands before the models, and file systems.

The platform's own network is closed and watched; what was there before it, and the region's default, are as they came.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.demo.platform import FRAUD_KEY, HOME, OUTPOST, PRODUCTION, REGIONS, SANDBOX
from auditor.demo.steps import Ref, Site, Step, Steps, Told, notebook, role, statement, subnet

_ANYBODY: Final = "0.0.0.0/0"


def _role(name: str) -> str:
    return f"arn:aws:iam::{PRODUCTION}:role/{name}"


# -- the pieces ----------------------------------------------------------------------------------------------------------------


def _filters(**values: Any) -> list[dict[str, Any]]:
    return [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in values.items()]


def _endpoint(vpc: Ref, service: str, policy: Mapping[str, Any] | None = None, *, region: str = HOME, **more: Any) -> Step:
    """An endpoint of its kind: a gateway where it has ``RouteTableIds``, else interfaces."""
    kind = "Gateway" if "RouteTableIds" in more else "Interface"
    params = {"VpcId": vpc, "ServiceName": f"com.amazonaws.{region}.{service}", "VpcEndpointType": kind, **more}
    return Step("ec2:CreateVpcEndpoint", params | ({"PolicyDocument": json.dumps(policy)} if policy else {}))


def _only_ours(actions: str) -> dict[str, Any]:
    """An endpoint policy for the company's own principals."""
    own = {"StringEquals": {"aws:PrincipalOrgID": "o-halyard0000"}}
    return {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": "*", "Condition": own}]}


def _default_group(vpc: Ref, name: str) -> Step:
    """Look the default security group of ``vpc`` up, to be called ``group/<name>``."""
    asked = {"Filters": _filters(vpc_id=vpc, group_name="default")}
    return Step("ec2:DescribeSecurityGroups", asked, {f"group/{name}": "SecurityGroups[0].GroupId"})


def _closed(group: Ref) -> Steps:
    """Take all rules from a default security group."""
    every: dict[str, Any] = {"IpProtocol": "-1"}
    return (
        Step(
            "ec2:RevokeSecurityGroupEgress",
            {"GroupId": group, "IpPermissions": [every | {"IpRanges": [{"CidrIp": _ANYBODY}]}]},
        ),
    )


def _denied(acl: Ref, number: int, port: int) -> Step:
    params: dict[str, Any] = {"NetworkAclId": acl, "RuleNumber": number, "Protocol": "6", "RuleAction": "deny", "Egress": False}
    return Step("ec2:CreateNetworkAclEntry", {**params, "CidrBlock": _ANYBODY, "PortRange": {"From": port, "To": port}})


def _balancer(name: str, subnets: Sequence[str], group: str, *, policy: str, redirects: bool) -> Steps:
    """A public load balancer with a listener for HTTPS and one for HTTP."""
    this, target, certificate = Ref(f"balancer/{name}"), Ref(f"target/{name}"), Ref(f"certificate/{name}")
    forward = {"Type": "forward", "TargetGroupArn": target}
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
    network: dict[str, Any] = {
        "Subnets": [Ref(f"subnet/{item}") for item in subnets],
        "SecurityGroups": [Ref(f"group/{group}")],
    }
    https: dict[str, Any] = {
        "Protocol": "HTTPS",
        "Port": 443,
        "SslPolicy": policy,
        "Certificates": [{"CertificateArn": certificate}],
    }
    return (
        Step("acm:RequestCertificate", {"DomainName": f"{name}.halyard.example"}, {certificate.name: "CertificateArn"}),
        Step("elbv2:CreateLoadBalancer", {"Name": name, **network}, {this.name: "LoadBalancers[0].LoadBalancerArn"}),
        Step(
            "elbv2:CreateTargetGroup",
            {"Name": name, "Protocol": "HTTP", "Port": 8080, "VpcId": Ref(f"vpc/{group}"), "TargetType": "ip"},
            {target.name: "TargetGroups[0].TargetGroupArn"},
        ),
        Step("elbv2:CreateListener", {"LoadBalancerArn": this, **https, "DefaultActions": [forward]}),
        Step(
            "elbv2:CreateListener",
            {
                "LoadBalancerArn": this,
                "Protocol": "HTTP",
                "Port": 80,
                "DefaultActions": [redirect if redirects else forward],
            },
        ),
    )


def _web_acl(name: str, *rules: str) -> Steps:
    """A regional web ACL whose rules each limit how often one address may ask."""
    seen: dict[str, Any] = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True}
    written = [
        {
            "Name": rule,
            "Priority": number,
            "Statement": {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}},
            "Action": {"Block": {}},
            "VisibilityConfig": {**seen, "MetricName": rule},
        }
        for number, rule in enumerate(rules)
    ]
    params: dict[str, Any] = {
        "Name": name,
        "Description": f"In front of {name}",
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "Rules": written,
    }
    whole = {**params, "VisibilityConfig": {**seen, "MetricName": name}}
    return (Step("wafv2:CreateWebACL", whole, {f"webacl/{name}": "Summary.ARN"}),)


def _rest_api(name: str, endpoint: str, *, authorization: str, acl: str = "") -> tuple[Told, ...]:
    """What is told of an API with one method that asks an endpoint, and one stage."""
    uri = f"arn:aws:apigateway:{HOME}:runtime.sagemaker:path//endpoints/{endpoint}/invocations"
    asks = {"type": "AWS", "httpMethod": "POST", "uri": uri, "credentials": _role("api-gateway")}
    method = {"httpMethod": "POST", "authorizationType": authorization, "apiKeyRequired": False, "methodIntegration": asks}
    root = {"id": "root", "path": "/", "resourceMethods": {"POST": method}}
    stage = {"stageName": "prod", "deploymentId": "d1"} | ({"webAclArn": Ref(f"webacl/{acl}")} if acl else {})
    return (
        Told("apigateway:GetResources", {"items": [root]}, asked=f"/restapis/{name}/resources"),
        Told("apigateway:GetStages", {"item": [stage]}, asked=f"/restapis/{name}/stages"),
    )


def _rest_apis(*names: str) -> Told:
    kind = {"endpointConfiguration": {"types": ["REGIONAL"]}}
    return Told("apigateway:GetRestApis", {"items": [{"id": name, "name": name, **kind} for name in names]})


def _domains(**policies: str) -> tuple[Told, ...]:
    """What is told of domain names, each before the API of its name."""
    items = [
        {"domainName": f"{name}.halyard.example", "securityPolicy": policy, "domainNameStatus": "AVAILABLE"}
        for name, policy in policies.items()
    ]
    mappings = (
        Told(
            "apigateway:GetBasePathMappings",
            {"items": [{"basePath": "(none)", "restApiId": name, "stage": "prod"}]},
            asked=f"{name}.halyard.example",
        )
        for name in policies
    )
    return (Told("apigateway:GetDomainNames", {"items": items}), *mappings)


def _function(name: str, endpoint: str) -> Step:
    """A function that asks an endpoint."""
    code = {"Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": _code()}}
    told = {"Environment": {"Variables": {"ENDPOINT_NAME": endpoint}}}
    params = {"FunctionName": name, "Role": _role("scoring-functions"), **code, **told}
    return Step("lambda:CreateFunction", params, {f"function/{name}": "FunctionArn"})


def _http_api(name: str, *, authorization: str) -> tuple[Told, ...]:
    """What is told of an HTTP API with one route to the function of its name."""
    calls = {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": Ref(f"function/{name}")}
    route = {"RouteId": "r1", "RouteKey": "POST /score", "AuthorizationType": authorization, "ApiKeyRequired": False}
    return (
        Told("apigatewayv2:GetIntegrations", {"Items": [calls]}, asked=f"/apis/{name}/integrations"),
        Told("apigatewayv2:GetRoutes", {"Items": [route]}, asked=f"/apis/{name}/routes"),
    )


def _http_apis(*names: str) -> Told:
    ordinary = {"ProtocolType": "HTTP", "RouteSelectionExpression": "$request.method $request.path"}
    return Told("apigatewayv2:GetApis", {"Items": [{"ApiId": name, "Name": name, **ordinary} for name in names]})


def _code() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), "def handler(event, context): ...\n")
    return written.getvalue()


def _training(name: str, role: str, file_system: str, kind: str, output: str, key: Ref | None = None) -> Step:
    """A training job that reads from a file system."""
    source = {
        "FileSystemId": Ref(f"filesystem/{file_system}"),
        "FileSystemType": kind,
        "FileSystemAccessMode": "ro",
        "DirectoryPath": "/training",
    }
    image = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    keys = ({"KmsKeyId": key}, {"VolumeKmsKeyId": key}) if key else ({}, {})
    params = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "RoleArn": role,
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"FileSystemDataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": output, **keys[0]},
        "ResourceConfig": {"InstanceType": "ml.m5.4xlarge", "InstanceCount": 1, "VolumeSizeInGB": 50, **keys[1]},
        "StoppingCondition": {"MaxRuntimeInSeconds": 7200},
        "EnableNetworkIsolation": bool(key),
    }
    return Step("sagemaker:CreateTrainingJob", params)


def _firewall(name: str, vpc: str, policy: str, subnet: str) -> Step:
    place = {"VpcId": Ref(f"vpc/{vpc}"), "SubnetMappings": [{"SubnetId": Ref(f"subnet/{subnet}")}]}
    return Step("network-firewall:CreateFirewall", {"FirewallName": name, "FirewallPolicyArn": _policy_arn(policy), **place})


_FIREWALL_ID: Final = "7c1f6f0e-2f5b-4f2b-9d3c-1f0a5d7e9b21"


def _policy_arn(name: str) -> str:
    return f"arn:aws:network-firewall:{HOME}:{PRODUCTION}:firewall-policy/{name}"


def _told_policy(name: str, **policy: Any) -> Told:
    described = {"FirewallPolicyName": name, "FirewallPolicyArn": _policy_arn(name), "FirewallPolicyId": _FIREWALL_ID}
    answer = {"UpdateToken": "1", "FirewallPolicyResponse": described, "FirewallPolicy": policy}
    return Told("network-firewall:DescribeFirewallPolicy", answer, asked=name)


def _public_access(mode: str, region: str = HOME) -> Told:
    answer = {"AwsRegion": region, "InternetGatewayBlockMode": mode, "State": "update-complete"}
    return Told("ec2:DescribeVpcBlockPublicAccessOptions", {"VpcBlockPublicAccessOptions": answer})


def _volume_key(key: Ref | str) -> Told:
    return Told("ec2:GetEbsDefaultKmsKeyId", {"KmsKeyId": key})


# -- what there is -------------------------------------------------------------------------------------------------------------

_PLATFORM: Final = Ref("vpc/ml-platform")
_BEHIND: Final = (
    "ecr.api",
    "ecr.dkr",
    "logs",
    "sts",
    "kms",
    "sagemaker.api",
    "sagemaker.runtime",
    "secretsmanager",
    "monitoring",
)
_INSIDE: Final[dict[str, Any]] = {
    "SubnetIds": [Ref("subnet/private-a"), Ref("subnet/private-b")],
    "SecurityGroupIds": [Ref("group/ml-platform")],
    "PrivateDnsEnabled": True,
}

_NETWORK: Final = (
    Step("ec2:ModifyVpcAttribute", {"VpcId": _PLATFORM, "EnableDnsHostnames": {"Value": True}}),
    _endpoint(
        _PLATFORM, "s3", _only_ours("s3:*"), RouteTableIds=[Ref("routes/ml-platform/private"), Ref("routes/ml-platform/main")]
    ),
    *(_endpoint(_PLATFORM, service, _only_ours(f"{service.split('.')[0]}:*"), **_INSIDE) for service in _BEHIND),
    Step(
        "ec2:CreateFlowLogs",
        {
            "ResourceIds": [_PLATFORM],
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": "arn:aws:s3:::halyard-audit-logs",
        },
    ),
    _default_group(_PLATFORM, "ml-platform/default"),
    *_closed(Ref("group/ml-platform/default")),
    Step(
        "ec2:DescribeNetworkAcls", {"Filters": _filters(vpc_id=_PLATFORM)}, {"acl/ml-platform": "NetworkAcls[0].NetworkAclId"}
    ),
    _denied(Ref("acl/ml-platform"), 10, 22),
    _denied(Ref("acl/ml-platform"), 20, 3389),
    *subnet("ml-platform", "public-b", "10.20.1.0/24", "eu-west-1b", routes="public"),
    _firewall("ml-egress", "ml-platform", "ml-egress", "public-b"),
    Step("ec2:EnableEbsEncryptionByDefault", {}),
    # before the platform: whatever was quick
    Step("ec2:ModifySubnetAttribute", {"SubnetId": Ref("subnet/analytics-a"), "MapPublicIpOnLaunch": {"Value": True}}),
    Step(
        "ec2:AuthorizeSecurityGroupIngress",
        {
            "GroupId": Ref("group/analytics-2019"),
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 8888, "ToPort": 8888, "IpRanges": [{"CidrIp": _ANYBODY}]},
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": _ANYBODY}]},
            ],
        },
    ),
    _endpoint(Ref("vpc/analytics-2019"), "kms", SubnetIds=[Ref("subnet/analytics-a")], PrivateDnsEnabled=False),
    _firewall("analytics-legacy", "analytics-2019", "legacy", "analytics-a"),
)

_EDGE: Final = (
    *role("api-gateway", statement("sagemaker:InvokeEndpoint", "*"), trusts="apigateway.amazonaws.com"),
    *role("scoring-functions", statement("sagemaker:InvokeEndpoint", "*"), trusts="lambda.amazonaws.com"),
    *_balancer(
        "fraud-scoring",
        ["public-a", "public-b"],
        "ml-platform",
        policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        redirects=True,
    ),
    *_balancer("recs-ranking", ["analytics-a"], "analytics-2019", policy="ELBSecurityPolicy-2016-08", redirects=False),
    *_web_acl("fraud-edge", "rate-limit"),
    # somebody wanted to add the rules later
    *_web_acl("recs-edge"),
    _function("fraudweb", "fraud-scoring-staging"),
    _function("recsweb", "recs-ranking-staging"),
    Step("shield:CreateSubscription", {}),
    Step("shield:CreateProtection", {"Name": "fraud-scoring", "ResourceArn": Ref("balancer/fraud-scoring")}),
)

_NO_TLS: Final = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

_FILES: Final = (
    Step(
        "efs:CreateFileSystem",
        {"CreationToken": "fraud-corpus", "Encrypted": True, "KmsKeyId": FRAUD_KEY},
        {"filesystem/fraud-corpus": "FileSystemId"},
    ),
    Step(
        "efs:PutFileSystemPolicy",
        {
            "FileSystemId": Ref("filesystem/fraud-corpus"),
            "Policy": json.dumps({"Version": "2012-10-17", "Statement": [_NO_TLS]}),
        },
    ),
    Step("efs:CreateFileSystem", {"CreationToken": "recs-share"}, {"filesystem/recs-share": "FileSystemId"}),
    _training(
        "fraud-text-run-3",
        _role("fraud-training"),
        "fraud-corpus",
        "EFS",
        "s3://halyard-fraud-models/text/",
        FRAUD_KEY,
    ),
    _training("recs-embeddings-run-12", _role("recs-training"), "recs-share", "EFS", "s3://halyard-recs-models/embeddings/"),
    *(
        Step(
            "fsx:CreateFileSystem",
            {
                "FileSystemType": "LUSTRE",
                "StorageCapacity": 1200,
                "SubnetIds": [Ref(f"subnet/{place}")],
                "LustreConfiguration": {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 250},
                **key,
            },
            {f"filesystem/{name}": "FileSystem.FileSystemId"},
        )
        for name, place, key in (
            ("fraud-graph", "private-a", {"KmsKeyId": FRAUD_KEY}),
            ("recs-clicks", "analytics-a", {}),
        )
    ),
    _training(
        "fraud-graph-run-32",
        _role("fraud-training"),
        "fraud-graph",
        "FSxLustre",
        "s3://halyard-fraud-models/graph/",
        FRAUD_KEY,
    ),
    _training("recs-clicks-run-8", _role("recs-training"), "recs-clicks", "FSxLustre", "s3://halyard-recs-models/clicks/"),
)

_DEFAULT: Final = Ref("vpc/us-default")

_OUTPOST: Final = (
    Step("ec2:DescribeVpcs", {"Filters": _filters(is_default="true")}, {_DEFAULT.name: "Vpcs[0].VpcId"}),
    Step("ec2:DescribeSubnets", {"Filters": _filters(vpc_id=_DEFAULT)}, {"subnet/us-default": "Subnets[0].SubnetId"}),
    _default_group(_DEFAULT, "us-default"),
    *notebook(
        "us-pricing-archive",
        _role("recs-notebooks"),
        team="recs",
        direct_internet=True,
        subnet="us-default",
        network="us-default",
    ),
)

_TOLD: Final = (
    _public_access("block-ingress"),
    _volume_key(FRAUD_KEY),
    Told("wafv2:ListResourcesForWebACL", {"ResourceArns": [Ref("balancer/fraud-scoring")]}, asked="fraud-edge"),
    Told(
        "network-firewall:ListFirewallPolicies",
        {"FirewallPolicies": [{"Name": name, "Arn": _policy_arn(name)} for name in ("ml-egress", "legacy")]},
    ),
    _told_policy(
        "ml-egress",
        StatelessDefaultActions=["aws:forward_to_sfe"],
        StatelessFragmentDefaultActions=["aws:forward_to_sfe"],
        StatefulRuleGroupReferences=[
            {"ResourceArn": f"arn:aws:network-firewall:{HOME}:{PRODUCTION}:stateful-rulegroup/allowed-domains"}
        ],
    ),
    # moto's own API Gateway needs packages that nobody else here does
    _rest_apis("fraudapi", "recsapi", "canaryapi"),
    *_rest_api("fraudapi", "fraud-scoring-production", authorization="AWS_IAM", acl="fraud-edge"),
    *_rest_api("recsapi", "recs-ranking-production", authorization="NONE", acl="recs-edge"),
    *_rest_api("canaryapi", "recs-retrieval-canary", authorization="AWS_IAM"),
    *_domains(fraudapi="TLS_1_2", recsapi="TLS_1_0"),
    _http_apis("fraudweb", "recsweb"),
    *_http_api("fraudweb", authorization="AWS_IAM"),
    *_http_api("recsweb", authorization="NONE"),
    _told_policy("legacy", StatelessDefaultActions=["aws:pass"], StatelessFragmentDefaultActions=["aws:pass"]),
)


def _untouched(region: str) -> tuple[Told, ...]:
    return (_public_access("off", region), _volume_key("alias/aws/ebs"))


SITES: Final = (
    Site(PRODUCTION, HOME, (*_NETWORK, *_EDGE, *_FILES), _TOLD),
    Site(PRODUCTION, OUTPOST, _OUTPOST),
    *(Site(PRODUCTION, region, told=_untouched(region)) for region in REGIONS if region != HOME),
    *(Site(SANDBOX, region, told=_untouched(region)) for region in REGIONS),
)
