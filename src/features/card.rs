//! The words of every card, once, for hover, completion and the command line.
