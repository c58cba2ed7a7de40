"""What two texts share: fingerprints, recall of candidates, exact and near copies. Pure."""
