//! The socket calls that are not worth a ring operation: making, binding and naming sockets.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::{AsFd, IntoRawFd};

use rustix::net::{AddressFamily, SocketFlags, SocketType, ipproto, sockopt};

use crate::driver::{Handle, ListenOptions};

/// Without pacing, which is a sixth of what a send to this host costs where BBR is the default.
/// Where it is missing all stays.
const LOCAL_CONGESTION: &str = "cubic";

pub(super) fn listen(at: SocketAddr, how: ListenOptions) -> io::Result<(Handle, SocketAddr)> {
    let socket = open(at)?;
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if how.reuse_port {
        sockopt::set_socket_reuseport(&socket, true)?;
    }
    let _ = sockopt::set_tcp_congestion(&socket, LOCAL_CONGESTION);
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

/// What the system would give a new socket.
pub(super) fn usual_congestion() -> Option<String> {
    let socket = open(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).ok()?;
    sockopt::tcp_congestion(socket).ok()
}

/// A peer on this host has no path to probe, any other gets what is usual. What a listener accepts
/// has had `LOCAL_CONGESTION` from its beginning: a connection that began with BBR is paced, by a
/// timer for each packet, until it ends, whatever it is told later.
pub(super) fn tune(socket: impl AsFd, peer: SocketAddr, usual: Option<&str>) {
    let wanted = match peer.ip().to_canonical().is_loopback() {
        true => Some(LOCAL_CONGESTION),
        false => usual,
    };
    if let Some(wanted) = wanted {
        let _ = sockopt::set_tcp_congestion(socket, wanted);
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
