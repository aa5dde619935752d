variable "name" {}
variable "subnet" {}
variable "key" {}
variable "role" {}

resource "aws_sagemaker_notebook_instance" "main" {
  name                   = var.name
  instance_type          = "ml.t3.medium"
  role_arn               = var.role
  kms_key_id             = var.key
  subnet_id              = var.subnet
  direct_internet_access = "Disabled"
}
