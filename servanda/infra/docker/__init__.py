"""Parts of a store in a container: the engine, and a container that does not outlive the run."""
