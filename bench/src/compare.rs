//! stub
use crate::fault::Fault;
#[derive(clap::Args)]
pub struct CompareOptions {}
pub fn run(_: &CompareOptions) -> Result<(), Fault> {
    Ok(())
}
