"""Recording of events: what topics hold is read, understood, and kept where its shape is new."""
