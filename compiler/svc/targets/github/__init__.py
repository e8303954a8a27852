"""GitHub Actions: one workflow per service, lowered from the vendor-neutral delivery pipeline."""
