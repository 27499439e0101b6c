//! stub
use crate::fault::Fault;
use crate::report::Report;
#[derive(clap::Args)]
pub struct DiskOptions {
    #[arg(long)]
    pub json: bool,
}
pub fn run(_: &DiskOptions) -> Result<Report, Fault> {
    Ok(Report::new("disk", &()))
}
