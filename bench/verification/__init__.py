"""Verification of one provider by the suite and by pact-python's verifier, side by side."""
