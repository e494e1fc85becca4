"""Values that a schema admits: its cases, whether another schema covers them, and examples that tell two apart."""
