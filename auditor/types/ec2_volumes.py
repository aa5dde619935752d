"""Amazon EBS."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Terraform

_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")

VOLUME = ResourceType(
    name="AWS::EC2::Volume",
    title="EBS volume",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-volume.html",
    identifiers=("VolumeId",),
    properties={"VolumeId": STRING, "Encrypted": BOOLEAN, "KmsKeyId": STRING},
    runtime={"State": STRING},
    references={"KmsKeyId": _KEY},
    live=Live(
        listing=Call("ec2:DescribeVolumes", result="Volumes[]"),
        arn="arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}",
    ),
    terraform=Terraform("aws_ebs_volume", names={"VolumeId": "id"}),
)

EBS_ENCRYPTION_BY_DEFAULT = ResourceType(
    name="AWS::EC2::EbsEncryptionByDefault",
    title="default encryption of EBS volumes",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsEncryptionByDefault.html",
    cloudformation=False,
    properties={"EbsEncryptionByDefault": BOOLEAN},
    live=Live(listing=Call("ec2:GetEbsEncryptionByDefault")),
    terraform=Terraform("aws_ebs_encryption_by_default", names={"EbsEncryptionByDefault": "enabled"}),
    # Terraform takes it for wanted where nothing is said
    defaults={"EbsEncryptionByDefault": True},
    everywhere=True,
)

EBS_DEFAULT_KEY = ResourceType(
    name="AWS::EC2::EbsDefaultKmsKeyId",
    title="default key of EBS volumes",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsDefaultKmsKeyId.html",
    cloudformation=False,
    properties={"KmsKeyId": STRING},
    references={"KmsKeyId": _KEY},
    live=Live(listing=Call("ec2:GetEbsDefaultKmsKeyId")),
    terraform=Terraform("aws_ebs_default_kms_key", names={"KmsKeyId": "key_arn"}),
    everywhere=True,
)
