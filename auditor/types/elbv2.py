"""Elastic Load Balancing: application, network and gateway load balancers."""

from auditor.model.resource_type import INTEGER, STRING, Call, Fold, Live, ResourceType, Terraform

_LISTENER_NAMES = {"DefaultActions": "default_action", "DefaultActions[].RedirectConfig": "redirect"}

LOAD_BALANCER = ResourceType(
    name="AWS::ElasticLoadBalancingV2::LoadBalancer",
    title="load balancer",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-loadbalancer.html",
    identifiers=("Name", "LoadBalancerArn"),
    properties={
        "LoadBalancerArn": STRING,
        "Name": STRING,
        "Type": ("application", "network", "gateway"),
        "Scheme": ("internal", "internet-facing"),
        "Subnets": [STRING],
        "SecurityGroups": [STRING],
        "Listeners": [
            {
                "Port": INTEGER,
                "Protocol": STRING,
                "SslPolicy": STRING,
                "DefaultActions": [{"Type": STRING, "RedirectConfig": {"Protocol": STRING}}],
            }
        ],
    },
    defaults={"Type": "application", "Scheme": "internet-facing"},
    references={"Subnets[]": ("AWS::EC2::Subnet",), "SecurityGroups[]": ("AWS::EC2::SecurityGroup",)},
    part_of=("Subnets[]",),
    folds=(Fold("AWS::ElasticLoadBalancingV2::Listener", owner="LoadBalancerArn", into="Listeners[]"),),
    live=Live(
        listing=Call("elbv2:DescribeLoadBalancers", result="LoadBalancers[]"),
        each=(
            Call(
                "elbv2:DescribeListeners",
                args={"LoadBalancerArn": "LoadBalancerArn"},
                result="Listeners[]",
                into="Listeners",
                provides=("Listeners",),
            ),
        ),
        names={
            "Name": "LoadBalancerName",
            "Subnets": "AvailabilityZones",
            "Subnets[]": "SubnetId",
        },
        arn="LoadBalancerArn",
        actions={
            "elbv2:DescribeLoadBalancers": "elasticloadbalancing:DescribeLoadBalancers",
            "elbv2:DescribeListeners": "elasticloadbalancing:DescribeListeners",
        },
    ),
    terraform=Terraform(
        "aws_lb",
        also=("aws_alb",),
        names={"LoadBalancerArn": "arn", "Type": "load_balancer_type", "Scheme": "internal", "Listeners": ""},
        folds=tuple(
            Fold(name, owner="load_balancer_arn", into="Listeners[]", names=_LISTENER_NAMES)
            for name in ("aws_lb_listener", "aws_alb_listener")
        ),
    ),
)
