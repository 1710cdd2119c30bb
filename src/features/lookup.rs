//! What stands under an offset of a brief?
