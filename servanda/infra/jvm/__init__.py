"""What a server from Maven coordinates needs: a Java runtime and verified jars."""
