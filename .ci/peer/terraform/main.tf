# An association and the add-on, on a local EKS. What the peer changes is a variable.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" {
  description = "The URL of the local EKS."
  type        = string
}

variable "role" {
  type    = string
  default = "first"
}

variable "tags" {
  type = map(string)
  default = {
    team  = "shop"
    stage = "test"
  }
}

variable "addon_version" {
  type    = string
  default = "v1.0.0-eksbuild.1"
}

variable "addon_values" {
  type    = any
  default = null
}

variable "resolve_conflicts" {
  type    = string
  default = null
}

provider "aws" {
  region                      = "us-west-2"
  access_key                  = "local"
  secret_key                  = "local"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  max_retries                 = 2

  endpoints {
    eks = var.endpoint
  }
}

resource "aws_eks_pod_identity_association" "checkout" {
  cluster_name    = "my-cluster"
  namespace       = "shop"
  service_account = "checkout"
  role_arn        = "arn:aws:iam::111122223333:role/${var.role}"
  tags            = var.tags
}

resource "aws_eks_addon" "agent" {
  cluster_name                = "my-cluster"
  addon_name                  = "eks-pod-identity-agent"
  addon_version               = var.addon_version
  configuration_values        = var.addon_values == null ? null : jsonencode(var.addon_values)
  resolve_conflicts_on_update = var.resolve_conflicts
  tags                        = var.tags
}

output "association_id" {
  value = aws_eks_pod_identity_association.checkout.association_id
}
