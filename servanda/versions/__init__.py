"""Runs in which two versions of a system live side by side on the same stores, are rolled back and go forward again."""
