"""The pact document and the matching of values against its rules."""
