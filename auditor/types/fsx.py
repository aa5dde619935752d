"""Amazon FSx. Training reads from the Lustre kind."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Terraform

FILE_SYSTEM = ResourceType(
    name="AWS::FSx::FileSystem",
    title="FSx file system",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-fsx-filesystem.html",
    identifiers=("FileSystemId",),
    properties={
        "FileSystemId": STRING,
        "FileSystemType": STRING,
        "KmsKeyId": STRING,
        "SubnetIds": [STRING],
        "LustreConfiguration": {"DeploymentType": STRING, "ImportPath": STRING, "ExportPath": STRING},
    },
    defaults={"LustreConfiguration.DeploymentType": "SCRATCH_1"},
    references={
        "KmsKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "SubnetIds[]": ("AWS::EC2::Subnet",),
        "LustreConfiguration.ImportPath": ("AWS::S3::Bucket",),
        "LustreConfiguration.ExportPath": ("AWS::S3::Bucket",),
    },
    live=Live(
        listing=Call("fsx:DescribeFileSystems", result="FileSystems[]"),
        names={
            "LustreConfiguration.ImportPath": "DataRepositoryConfiguration.ImportPath",
            "LustreConfiguration.ExportPath": "DataRepositoryConfiguration.ExportPath",
        },
        arn="ResourceARN",
    ),
    terraform=Terraform(
        "aws_fsx_lustre_file_system",
        names={
            "FileSystemId": "id",
            "FileSystemType": "",
            "LustreConfiguration": ".",
            "LustreConfiguration.DeploymentType": "deployment_type",
            "LustreConfiguration.ImportPath": "import_path",
            "LustreConfiguration.ExportPath": "export_path",
        },
    ),
)
