"""Pictures from frames: each function draws one; nothing is read or computed here."""
