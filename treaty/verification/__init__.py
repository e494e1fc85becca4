"""The provider side: every interaction of a contract replayed against the real provider."""
