"""Mails to users about what happened to their accounts: one for each event, and what has become of it."""
