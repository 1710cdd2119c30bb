//! Which passages are not the author's argument, and why: rules that hold on other sites too.
