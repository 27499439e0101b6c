//! The socket calls that are not worth a ring operation: making, binding and naming sockets.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, IntoRawFd};

use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, sockopt};

use crate::driver::{Handle, ListenOptions};

pub(super) fn listen(at: SocketAddr, how: ListenOptions) -> io::Result<(Handle, SocketAddr)> {
    let socket = open(at)?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if how.reuse_port {
        sockopt::set_socket_reuseport(&socket, true)?;
    }
    rustix::net::bind(&socket, &at)?;
    rustix::net::listen(&socket, i32::try_from(how.backlog).unwrap_or(i32::MAX))?;
    let local = local_address(&socket)?;
    Ok((Handle(socket.into_raw_fd()), local))
}

/// A TCP socket that does not wait to fill segments; what a listener accepts inherits that.
fn open(family_of: SocketAddr) -> io::Result<std::os::fd::OwnedFd> {
    let family = match family_of {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = rustix::net::socket_with(family, SocketType::STREAM, flags, Some(ipproto::TCP))?;
    sockopt::set_tcp_nodelay(&socket, true)?;
    Ok(socket)
}

pub(super) fn socket(peer: SocketAddr) -> io::Result<Handle> {
    Ok(Handle(open(peer)?.into_raw_fd()))
}

/// A peer on this host has no path to probe: pacing, as BBR does where it is the default, only
/// costs (0.21–0.26 CPU-seconds per GB sent, against 0.17). Where CUBIC is missing all stays.
pub(super) fn tune(socket: impl AsFd, peer: SocketAddr) {
    if peer.ip().to_canonical().is_loopback() {
        let _ = sockopt::set_tcp_congestion(socket, "cubic");
    }
}

pub(super) fn local_address(socket: impl AsFd) -> io::Result<SocketAddr> {
    let address = rustix::net::getsockname(socket)?;
    SocketAddr::try_from(address).map_err(io::Error::from)
}

pub(super) fn peer_address(socket: impl AsFd) -> io::Result<SocketAddr> {
    let address = rustix::net::getpeername(socket)?;
    let address = address.ok_or(io::ErrorKind::NotConnected)?;
    SocketAddr::try_from(address).map_err(io::Error::from)
}
