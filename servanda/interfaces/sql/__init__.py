"""SQL schemas as an interface: what migrations change, and which statements of live versions that hits."""
