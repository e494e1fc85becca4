"""Consequences of findings: severity, waivers, baseline, version bump and deploy order."""
