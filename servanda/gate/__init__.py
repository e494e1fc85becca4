"""The stages of the gate, in order, and how they stop; the only place that knows all of the other parts."""
