"""What follows from findings: severity, waivers, baseline, version bump and deploy order."""
