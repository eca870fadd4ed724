//! Settings: one file, checked whole at start.
