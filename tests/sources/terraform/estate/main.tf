# The plan beside this file was made of it, by Terraform 1.11 and version 5.100 of the provider, without an account:
#   AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none terraform plan -out plan.bin
#   terraform show -json plan.bin > plan.json
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "region" {
  default = "eu-west-1"
}

provider "aws" {
  region                      = var.region
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { Team = "fraud" }
  }
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "database_password" {
  type      = string
  sensitive = true
  default   = "planted-sensitive-value"
}

variable "hidden_prefix" {
  type      = string
  sensitive = true
  default   = "planted-sensitive-prefix"
}

locals {
  bucket      = "acme-models"
  route_table = aws_route_table.left.id
}

# -- keys and buckets

resource "aws_kms_key" "models" {
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "models" {
  key_id = aws_kms_key.models.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_kms_alias" "models" {
  name          = "alias/models"
  target_key_id = aws_kms_key.models.key_id
}

resource "aws_s3_bucket" "models" {
  bucket = local.bucket
}

resource "aws_s3_bucket_server_side_encryption_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.models.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_s3_bucket" "plain" {
  provider = aws.west
  bucket   = "acme-plain"
}

resource "aws_s3_bucket" "data" {
  for_each = toset(["raw", "clean"])
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  for_each = aws_s3_bucket.data
  bucket   = each.value.id
  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.models.arn
      sse_algorithm     = each.key == "raw" ? "aws:kms" : "aws:kms:dsse"
    }
  }
}

# -- roles

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Models"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["${aws_s3_bucket.models.arn}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-example"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["iam:*", "s3:*"]
    resources   = ["*"]
  }
}

resource "aws_iam_role" "run" {
  name               = "ml-run"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "read" {
  name   = "read"
  role   = aws_iam_role.run.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy" "all" {
  name   = "all"
  role   = aws_iam_role.run.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

resource "aws_iam_policy" "read" {
  name   = "read-models"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "run" {
  for_each   = { own = aws_iam_policy.read.arn, full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" }
  role       = aws_iam_role.run.name
  policy_arn = each.value
}

resource "aws_iam_role" "other" {
  name_prefix        = "other-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy_attachment" "both" {
  name       = "both"
  roles      = ["ml-run", "somebody-else"]
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

# -- models and endpoints

module "network" {
  source = "./network"
  zones  = ["eu-west-1a", "eu-west-1b"]
}

resource "aws_sagemaker_model" "fraud" {
  count                    = 2
  name                     = "fraud-${count.index}"
  execution_role_arn       = aws_iam_role.run.arn
  enable_network_isolation = true
  primary_container {
    image          = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud:1"
    model_data_url = "s3://${aws_s3_bucket.models.bucket}/fraud.tar.gz"
    environment    = { DATABASE = var.database_password, LEVEL = "info", EMPTY = "" }
  }
  vpc_config {
    subnets            = module.network.subnet_ids
    security_group_ids = ["sg-0123456789abcdef0"]
  }
}

resource "aws_sagemaker_model" "generated" {
  execution_role_arn = aws_iam_role.other.arn
  primary_container {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/fraud:1"
  }
  dynamic "vpc_config" {
    for_each = aws_kms_key.models.arn == "" ? [] : [1]
    content {
      subnets            = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "fraud" {
  name        = "fraud"
  kms_key_arn = aws_kms_key.models.arn
  production_variants {
    variant_name           = "a"
    model_name             = aws_sagemaker_model.fraud[0].name
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
  production_variants {
    variant_name           = "b"
    model_name             = aws_sagemaker_model.generated.name
    initial_instance_count = 1
    instance_type          = "ml.m5.large"
  }
  data_capture_config {
    enable_capture              = true
    initial_sampling_percentage = 100
    destination_s3_uri          = "s3://${aws_s3_bucket.data["raw"].id}/capture"
    kms_key_id                  = "${var.hidden_prefix}-key"
    capture_options {
      capture_mode = "Input"
    }
    capture_options {
      capture_mode = "Output"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "dynamic" {
  name = "dynamic"
  dynamic "production_variants" {
    for_each = { a = aws_sagemaker_model.fraud[0].name, b = aws_sagemaker_model.generated.name }
    content {
      variant_name           = production_variants.key
      model_name             = production_variants.value
      initial_instance_count = 1
      instance_type          = "ml.m5.large"
    }
  }
}

resource "aws_sagemaker_endpoint" "fraud" {
  name                 = "fraud"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.fraud.name
}

resource "aws_sagemaker_endpoint" "unnamed" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.fraud.name
}

# -- notebooks, through two modules

module "team" {
  source   = "./team"
  for_each = toset(["blue", "red"])
  settings = {
    name    = each.key
    key     = aws_kms_key.models.id
    subnet  = module.network.first_subnet
    default = "none"
  }
  role = aws_iam_role.run.arn
}

resource "aws_sagemaker_notebook_instance" "mixed" {
  name          = "mixed"
  instance_type = "ml.t3.medium"
  role_arn      = "arn:aws:iam::123456789012:role/existing"
  kms_key_id    = "${aws_kms_key.models.id}-${aws_iam_role.other.unique_id}"
  subnet_id     = local.subnet
}

locals {
  subnet = module.network.first_subnet
}

# -- routes whose table is told only by a local, or is not in this plan

resource "aws_route_table" "left" {
  vpc_id = module.network.vpc_id
}

resource "aws_route" "somewhere" {
  route_table_id            = local.route_table
  destination_cidr_block    = "10.9.0.0/16"
  vpc_peering_connection_id = "pcx-1"
}

resource "aws_route" "elsewhere" {
  route_table_id            = "rtb-0123456789abcdef0"
  destination_cidr_block    = "10.8.0.0/16"
  vpc_peering_connection_id = "pcx-1"
}

# -- alarms and trail

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
  alarm_actions       = [aws_sns_topic.alarms.arn]
  dimensions = {
    EndpointName = aws_sagemaker_endpoint.fraud.name
    VariantName  = "a"
  }
}

resource "aws_cloudwatch_metric_alarm" "ratio" {
  alarm_name          = "ratio"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 1
  alarm_actions       = []
  metric_query {
    id          = "ratio"
    expression  = "errors / 2"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/SageMaker"
      metric_name = "Invocation5XXErrors"
      period      = 60
      stat        = "Sum"
      dimensions = {
        EndpointName = aws_sagemaker_endpoint.unnamed.name
      }
    }
  }
}

resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.plain.id
  kms_key_id     = coalesce(aws_kms_key.models.arn, "none")
}
