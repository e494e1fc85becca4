"""Uses of interfaces: proofs of them, and the documents that hold proofs."""
