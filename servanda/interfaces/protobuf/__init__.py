"""Protobuf interfaces: inputs, compiled images, their schema and the rules about them."""
