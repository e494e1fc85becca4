"""Contracts: what a consumer's tests describe and prove, written down and merged."""
