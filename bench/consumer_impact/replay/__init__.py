"""The second oracle: recorded interactions replayed against a provider that is made from the changed definitions."""
