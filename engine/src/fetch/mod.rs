//! Placeholder until its builder's first commit.
