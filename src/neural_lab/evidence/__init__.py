"""Evidence packs: everything about one check in one file, and what anybody can verify of it later."""
