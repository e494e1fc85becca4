"""What a user is and how it may change; knows no transport and no storage."""
