"""Rules about the values of fields and messages, compared by trying values on the validator itself."""
