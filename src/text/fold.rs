//! Folding for comparison: typography only, with a map from folded offsets back to the original.
