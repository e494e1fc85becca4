"""Redis: connections and keys of one namespace per deployment."""
