"""Access to rpcs, as their proto option declares it: one policy for every edge."""

from platformkit.access.policy import Policy, PolicyError, policies_of, policy_of

__all__ = ["Policy", "PolicyError", "policies_of", "policy_of"]
