"""Parts that a service of the platform is built from: one folder per concern that every service shares."""
