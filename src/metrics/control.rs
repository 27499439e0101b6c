//! The control thread: a tokio runtime of one thread, off the data path.
//!
//! Today it serves the admin port: `/livez` (the process answers), `/readyz` (partitions
//! are recovered and listeners open) and `/metrics`. It reads counters and never waits for a
//! shard, so a busy broker still answers and a slow scraper disturbs nobody. Stopping it
//! drops its connections at once.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use millstream_engine::config::HostPort;
use tokio::sync::oneshot;

use super::{Metrics, expose};

/// The running control thread; stops when it is stopped or dropped.
#[derive(Debug)]
pub struct ControlThread {
    local: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ControlThread {
    /// The address that the admin port is bound to (port 0 was resolved).
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Closes the admin port and waits for the thread.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for ControlThread {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A thread that has ended already needs no word.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the control thread panicked");
        }
    }
}

#[derive(Clone)]
struct Shown {
    metrics: Arc<Metrics>,
    ready: Arc<AtomicBool>,
}

/// Binds the admin port and starts the control thread. `ready` is what `/readyz` answers.
///
/// # Errors
/// The address does not resolve or cannot be bound, or the thread cannot start.
pub fn start(
    at: &HostPort,
    metrics: Arc<Metrics>,
    ready: Arc<AtomicBool>,
) -> io::Result<ControlThread> {
    let listener = bind(at).map_err(|cause| explained(at, &cause))?;
    let local = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let shown = Shown { metrics, ready };
    let run = move || runtime.block_on(serve(listener, shown, stopped));
    let thread = std::thread::Builder::new().name("control".to_owned()).spawn(run)?;
    Ok(ControlThread { local, stop: Some(stop), thread: Some(thread) })
}

fn bind(at: &HostPort) -> io::Result<TcpListener> {
    let addresses: Vec<SocketAddr> = (at.host.as_str(), at.port).to_socket_addrs()?.collect();
    let listener = TcpListener::bind(addresses.as_slice())?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn explained(at: &HostPort, cause: &io::Error) -> io::Error {
    let message = format!(
        "cannot open the admin port {at}: {cause}; choose another with \
         --set millstream.admin.listener=host:port, or turn it off with none"
    );
    io::Error::new(cause.kind(), message)
}

async fn serve(listener: TcpListener, shown: Shown, stopped: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(cause) => {
            tracing::error!(%cause, "the admin port cannot be served");
            return;
        }
    };
    tokio::select! {
        end = axum::serve(listener, routes(shown)) => {
            tracing::error!(?end, "the admin port ended by itself");
        }
        // A sender that is gone means the same as its word.
        _ = stopped => {}
    }
}

fn routes(shown: Shown) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(show_metrics))
        .with_state(shown)
}

async fn readyz(State(shown): State<Shown>) -> impl IntoResponse {
    match shown.ready.load(Ordering::Acquire) {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping\n"),
    }
}

async fn show_metrics(State(shown): State<Shown>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, expose::page(&shown.metrics))
}
