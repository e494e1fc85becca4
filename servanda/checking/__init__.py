"""The one orchestration of a check: every kind of interface, its findings, who is hit, and the policy."""
