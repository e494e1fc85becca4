"""The audit trail: records what events tell, once, and answers what happened to whom."""
