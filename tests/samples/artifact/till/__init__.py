"""A till that tells prices."""

RELEASE = "one"
