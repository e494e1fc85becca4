"""The consumer side: how a consumer's tests become contracts."""
