"""Parts of a server from Maven coordinates: a Java runtime and verified jars."""
