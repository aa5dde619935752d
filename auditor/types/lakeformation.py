"""AWS Lake Formation."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Schema, Terraform

_PRINCIPAL: Schema = {"DataLakePrincipalIdentifier": STRING}
_DEFAULTS: Schema = [{"Principal": _PRINCIPAL, "Permissions": [STRING]}]
_KINDS = ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")

SETTINGS = ResourceType(
    name="AWS::LakeFormation::DataLakeSettings",
    title="data lake's settings",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lakeformation-datalakesettings.html",
    everywhere=True,
    properties={"Admins": [_PRINCIPAL], _KINDS[0]: _DEFAULTS, _KINDS[1]: _DEFAULTS},
    live=Live(listing=Call("lakeformation:GetDataLakeSettings", result="DataLakeSettings"), names={"Admins": "DataLakeAdmins"}),
    terraform=Terraform(
        "aws_lakeformation_data_lake_settings",
        names={
            "Admins": "",
            **{f"{kind}[].Principal": "." for kind in _KINDS},
            **{f"{kind}[].Principal.DataLakePrincipalIdentifier": "principal" for kind in _KINDS},
        },
    ),
)
