"""What a store needs that runs in a container: the engine, and a container that does not outlive the run."""
