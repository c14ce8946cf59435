"""What is public? A Merkle tree log in the C2SP formats, as pure functions over bytes."""
