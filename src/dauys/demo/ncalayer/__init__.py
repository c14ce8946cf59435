"""NCALayer for the demo country: a program of its own that speaks its WebSocket protocol (docs/spec/ncalayer.md)."""
