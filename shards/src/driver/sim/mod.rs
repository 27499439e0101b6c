//! The simulated driver (in-memory files and sockets, virtual time, one seed).
