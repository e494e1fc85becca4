"""The one error model: a gRPC status code with google.rpc details, and what it looks like over HTTP."""
