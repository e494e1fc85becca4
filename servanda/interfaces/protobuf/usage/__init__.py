"""Use of protobuf interfaces: elements by name and route, and what contracts tell of them."""
