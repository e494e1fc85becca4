"""The plugin ``protobuf``: a process that teaches the Pact library gRPC and protobuf, one file per part of its work.

It speaks version 1 of the Pact plugin protocol and writes the document shape of the stock plugin of this name.
"""
