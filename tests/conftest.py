"""What holds for every test."""

from hypothesis import settings

# How long an example takes says how busy the machine is: speed is measured in bench/.
settings.register_profile("servanda", deadline=None)
settings.load_profile("servanda")

# The tests of the sample repositories run in copies, each with its own configuration.
collect_ignore = ["samples"]
