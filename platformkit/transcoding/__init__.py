"""HTTP and JSON to proto and back, by descriptor and google.api.http."""
