variable "settings" {}

variable "role" {}

module "notebook" {
  source = "../notebook"
  name   = "notebook-${var.settings.name}"
  subnet = var.settings.subnet
  key    = var.settings.key
  role   = var.role
}
