"""Terraform: what a service owns in the cloud, as one module with values per environment."""
