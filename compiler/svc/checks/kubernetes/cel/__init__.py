"""The checks of Kubernetes objects in CEL, for ValidatingAdmissionPolicies: what the API server can say of them."""
