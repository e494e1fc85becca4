"""Values against rules, giving mismatches: one file per kind of value."""
