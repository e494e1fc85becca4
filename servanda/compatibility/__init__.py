"""What a change did to an interface, by structural comparison of two states of a workspace."""
