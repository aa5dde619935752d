"""Amazon API Gateway: REST APIs, HTTP and WebSocket APIs, and the domain names before them."""

from auditor.model.resource_type import BOOLEAN, JSON, STRING, Call, Fold, Live, ResourceType, Terraform

# an integration's URI leads to what it calls
_BEHIND = ("AWS::SageMaker::Endpoint", "AWS::Lambda::Function")

REST_API = ResourceType(
    name="AWS::ApiGateway::RestApi",
    title="REST API",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-restapi.html",
    identifiers=("RestApiId",),
    properties={
        "RestApiId": STRING,
        "Name": STRING,
        "EndpointConfiguration": {"Types": [("REGIONAL", "EDGE", "PRIVATE")]},
        "Policy": JSON,
        "Body": JSON,
        # a template declares methods by themselves, an account tells them by path
        "Methods": [
            {
                "HttpMethod": STRING,
                "AuthorizationType": STRING,
                "ApiKeyRequired": BOOLEAN,
                "Integration": {"Type": STRING, "Uri": STRING},
            }
        ],
        "Resources": [
            {
                "Methods": {
                    "*": {
                        "HttpMethod": STRING,
                        "AuthorizationType": STRING,
                        "ApiKeyRequired": BOOLEAN,
                        "Integration": {"Type": STRING, "Uri": STRING},
                    }
                }
            }
        ],
        "Stages": [{"StageName": STRING, "WebAclArn": STRING}],
    },
    defaults={"EndpointConfiguration.Types": ["EDGE"]},
    references={
        "Methods[].Integration.Uri": _BEHIND,
        "Resources[].Methods[].Integration.Uri": _BEHIND,
        "Stages[].WebAclArn": ("AWS::WAFv2::WebACL",),
    },
    part_of=("Methods[].Integration.Uri", "Resources[].Methods[].Integration.Uri"),
    folds=(
        Fold("AWS::ApiGateway::Method", owner="RestApiId", into="Methods[]"),
        Fold("AWS::ApiGateway::Stage", owner="RestApiId", into="Stages[]"),
    ),
    live=Live(
        listing=Call("apigateway:GetRestApis", result="items[]"),
        each=(
            Call(
                "apigateway:GetResources",
                params={"embed": ["methods"]},
                args={"restApiId": "id"},
                result="items[]",
                into="resources",
                provides=("Resources",),
                scout=True,
            ),
            Call("apigateway:GetStages", args={"restApiId": "id"}, result="item", into="stages", provides=("Stages",)),
        ),
        names={
            "RestApiId": "id",
            "Name": "name",
            "EndpointConfiguration": "endpointConfiguration",
            "EndpointConfiguration.Types": "types",
            "Policy": "policy",
            "Body": "",
            "Methods": "",
            "Resources": "resources",
            "Resources[].Methods": "resourceMethods",
            "Resources[].Methods.*.HttpMethod": "httpMethod",
            "Resources[].Methods.*.AuthorizationType": "authorizationType",
            "Resources[].Methods.*.ApiKeyRequired": "apiKeyRequired",
            "Resources[].Methods.*.Integration": "methodIntegration",
            "Resources[].Methods.*.Integration.Type": "type",
            "Resources[].Methods.*.Integration.Uri": "uri",
            "Stages": "stages",
            "Stages[].StageName": "stageName",
            "Stages[].WebAclArn": "webAclArn",
        },
        arn="arn:{partition}:apigateway:{region}::/restapis/{id}",
        actions={
            "apigateway:GetRestApis": "apigateway:GET",
            "apigateway:GetResources": "apigateway:GET",
            "apigateway:GetStages": "apigateway:GET",
        },
    ),
    terraform=Terraform(
        "aws_api_gateway_rest_api",
        names={"RestApiId": "id", "Methods": "", "Resources": "", "Stages": ""},
        folds=(
            Fold(
                "aws_api_gateway_method",
                owner="rest_api_id",
                into="Methods[]",
                names={"AuthorizationType": "authorization", "Integration": ""},
            ),
            Fold(
                "aws_api_gateway_integration",
                owner="rest_api_id",
                into="Methods[]",
                names={"AuthorizationType": "", "ApiKeyRequired": "", "Integration": "."},
            ),
            Fold("aws_api_gateway_stage", owner="rest_api_id", into="Stages[]"),
        ),
    ),
)

API = ResourceType(
    name="AWS::ApiGatewayV2::Api",
    title="HTTP or WebSocket API",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-api.html",
    identifiers=("ApiId",),
    properties={
        "ApiId": STRING,
        "Name": STRING,
        "ProtocolType": ("HTTP", "WEBSOCKET"),
        "Body": JSON,
        "Integrations": [{"IntegrationType": STRING, "IntegrationUri": STRING}],
        "Routes": [{"RouteKey": STRING, "AuthorizationType": ("NONE", "AWS_IAM", "JWT", "CUSTOM"), "ApiKeyRequired": BOOLEAN}],
    },
    defaults={"Routes[].AuthorizationType": "NONE"},
    references={"Integrations[].IntegrationUri": _BEHIND},
    part_of=("Integrations[].IntegrationUri",),
    folds=(
        Fold("AWS::ApiGatewayV2::Integration", owner="ApiId", into="Integrations[]"),
        Fold("AWS::ApiGatewayV2::Route", owner="ApiId", into="Routes[]"),
    ),
    live=Live(
        listing=Call("apigatewayv2:GetApis", result="Items[]"),
        each=(
            Call(
                "apigatewayv2:GetIntegrations",
                args={"ApiId": "ApiId"},
                result="Items[]",
                into="Integrations",
                provides=("Integrations",),
                scout=True,
            ),
            Call("apigatewayv2:GetRoutes", args={"ApiId": "ApiId"}, result="Items[]", into="Routes", provides=("Routes",)),
        ),
        names={"Body": ""},
        arn="arn:{partition}:apigateway:{region}::/apis/{ApiId}",
        actions={
            "apigatewayv2:GetApis": "apigateway:GET",
            "apigatewayv2:GetIntegrations": "apigateway:GET",
            "apigatewayv2:GetRoutes": "apigateway:GET",
        },
    ),
    terraform=Terraform(
        "aws_apigatewayv2_api",
        names={"ApiId": "id", "Integrations": "", "Routes": ""},
        folds=(
            Fold("aws_apigatewayv2_integration", owner="api_id", into="Integrations[]"),
            Fold("aws_apigatewayv2_route", owner="api_id", into="Routes[]"),
        ),
    ),
)

DOMAIN_NAME = ResourceType(
    name="AWS::ApiGateway::DomainName",
    title="domain name of APIs",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-domainname.html",
    identifiers=("DomainName",),
    properties={"DomainName": STRING, "SecurityPolicy": STRING, "Mappings": [{"RestApiId": STRING}]},
    references={"Mappings[].RestApiId": ("AWS::ApiGateway::RestApi",)},
    part_of=("Mappings[].RestApiId",),
    folds=(Fold("AWS::ApiGateway::BasePathMapping", owner="DomainName", into="Mappings[]"),),
    live=Live(
        listing=Call("apigateway:GetDomainNames", result="items[]"),
        each=(
            Call(
                "apigateway:GetBasePathMappings",
                args={"domainName": "domainName"},
                result="items[]",
                into="mappings",
                provides=("Mappings",),
                scout=True,
            ),
        ),
        names={
            "DomainName": "domainName",
            "SecurityPolicy": "securityPolicy",
            "Mappings": "mappings",
            "Mappings[].RestApiId": "restApiId",
        },
        arn="arn:{partition}:apigateway:{region}::/domainnames/{domainName}",
        actions={
            "apigateway:GetDomainNames": "apigateway:GET",
            "apigateway:GetBasePathMappings": "apigateway:GET",
        },
    ),
    terraform=Terraform(
        "aws_api_gateway_domain_name",
        names={"Mappings": ""},
        folds=(
            Fold("aws_api_gateway_base_path_mapping", owner="domain_name", into="Mappings[]", names={"RestApiId": "api_id"}),
        ),
    ),
)
