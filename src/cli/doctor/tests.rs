//! Judgements about hosts of every kind, and the stable names of the JSON.

use std::path::Path;

use super::disk::{Mount, Queue};
use super::*;
use crate::cli::ondisk::tests::Scratch;

#[test]
fn kernels_limits_and_clocks_are_judged() {
    let cases = [
        (host::kernel("6.8.0-45-generic"), Level::Ok),
        (host::kernel("6.1.0"), Level::Ok),
        (host::kernel("5.15.0-101"), Level::Warn),
        (host::kernel("strange"), Level::Warn),
        (host::files(None), Level::Ok),
        (host::files(Some(65_536)), Level::Ok),
        (host::files(Some(1024)), Level::Warn),
        (host::memlock(Some(8 << 20)), Level::Note),
        (host::memlock(None), Level::Ok),
        (host::clocksource("tsc", "tsc hpet"), Level::Ok),
        (host::clocksource("hpet", "tsc hpet"), Level::Warn),
        (host::governor(&[]), Level::Ok),
        (host::governor(&["performance".to_owned()]), Level::Ok),
        (host::governor(&["powersave".to_owned()]), Level::Note),
    ];
    for (finding, level) in cases {
        assert_eq!(finding.level, level, "{finding:?}");
    }
    let fix = host::clocksource("hpet", "tsc hpet").fix.unwrap_or_default();
    assert!(fix.starts_with("echo tsc > /sys/"), "{fix}");
    assert!(host::cpu_quota("max 100000").is_none());
    let quota = host::cpu_quota("150000 100000").expect("a quota");
    assert!(quota.what.starts_with("1.50 "), "{}", quota.what);
}

#[test]
fn a_ring_that_is_forbidden_says_by_what_and_the_command() {
    let finding = host::ring_fault("io_uring is forbidden here: run x", Some("2"));
    assert_eq!(finding.level, Level::Bad);
    assert!(finding.fix.unwrap_or_default().contains("sysctl -w kernel.io_uring_disabled=0"));
    let finding = host::ring_fault("io_uring is forbidden here: run x", Some("0"));
    assert_eq!(
        (finding.what.as_str(), finding.fix.as_deref()),
        ("io_uring is forbidden here", Some("run x"))
    );
}

#[test]
fn the_mount_of_a_path_is_the_longest_above_it() {
    let table = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
                 30 22 0:25 / /srv rw - xfs /dev/vdb rw,nobarrier\n\
                 31 22 0:26 / /srv/with\\040space ro - tmpfs none rw\n";
    let of = |path: &str| disk::mount_of(table, Path::new(path)).expect("a mount");
    assert_eq!(of("/home/x").kind, "ext4");
    assert_eq!(of("/srvx").kind, "ext4");
    assert_eq!(of("/srv/data").options, "rw,rw,nobarrier");
    assert_eq!(of("/srv/with space/data").kind, "tmpfs");
}

#[test]
fn filesystems_and_devices_are_judged() {
    let worst = |kind: &str, options: &str| {
        let mount =
            Mount { point: "/d".to_owned(), kind: kind.to_owned(), options: options.to_owned() };
        disk::filesystem(&mount).iter().map(|finding| finding.level).max()
    };
    assert_eq!(worst("ext4", "rw"), Some(Level::Ok));
    assert_eq!(worst("ext4", "rw,nobarrier"), Some(Level::Bad));
    assert_eq!(worst("xfs", "ro"), Some(Level::Bad));
    assert_eq!(worst("tmpfs", "rw"), Some(Level::Bad));
    assert_eq!(worst("overlay", "rw"), Some(Level::Warn));
    assert_eq!(worst("btrfs", "rw"), Some(Level::Warn));
    let worst = |write_cache: &str, fua: &str, rotational: &str| {
        let queue = Queue {
            name: "sda".to_owned(),
            write_cache: write_cache.to_owned(),
            fua: fua.to_owned(),
            rotational: rotational.to_owned(),
        };
        disk::device(&queue).iter().map(|finding| finding.level).max()
    };
    assert_eq!(worst("write through", "0", "0"), Some(Level::Ok));
    assert_eq!(worst("write back", "1", "0"), Some(Level::Ok));
    assert_eq!(worst("write back", "0", "0"), Some(Level::Note));
    assert_eq!(worst("write back", "1", "1"), Some(Level::Warn));
    let gib = 1 << 30;
    assert_eq!(disk::free_space(gib / 2, 100 * gib).level, Level::Bad);
    assert_eq!(disk::free_space(9 * gib, 100 * gib).level, Level::Warn);
    assert_eq!(disk::free_space(11 * gib, 100 * gib).level, Level::Ok);
    assert!(disk::inodes(9, 100).is_some() && disk::inodes(0, 0).is_none());
}

#[test]
fn metrics_are_summed_over_their_labels() {
    let page = "HTTP/1.1 200 OK\r\n\r\n# TYPE x gauge\nmillstream_build_info{version=\"1\"} 1\n\
                millstream_shard_quarantined_ranges{shard=\"0\"} 2\n\
                millstream_shard_quarantined_ranges{shard=\"1\"} 1\n\
                millstream_shard_stalls_total{shard=\"0\"} 0\n";
    assert_eq!(metrics::sum(page, "millstream_shard_quarantined_ranges"), Some(3.0));
    assert_eq!(metrics::sum(page, "millstream_shard_quarantined"), None);
    let found = metrics::judge(page);
    let quarantined = found.iter().find(|finding| finding.name == "quarantined").expect("judged");
    assert_eq!((quarantined.level, quarantined.what.starts_with("3 ")), (Level::Warn, true));
    assert!(found.iter().any(|finding| finding.name == "stalls" && finding.level == Level::Ok));
    assert_eq!(metrics::judge("hello").len(), 1);
}

#[test]
fn every_metric_that_is_looked_at_is_on_a_brokers_page() {
    let page = crate::metrics::expose::page(&crate::metrics::Metrics::new(1));
    for (metric, ..) in metrics::ROWS {
        assert!(metrics::sum(&page, metric).is_some(), "{metric}");
    }
}

#[test]
fn what_recovery_put_aside_is_found() {
    let scratch = Scratch::new();
    scratch.write("t-0/00000000000000000009.log.set-aside", b"");
    scratch.write("t-1/quarantine", &crate::cli::ondisk::tests::quarantine());
    let found = data::look(&scratch.0);
    let of = |name: &str| found.iter().find(|finding| finding.name == name).expect("looked at");
    assert_eq!(of("set-aside").level, Level::Warn);
    assert!(of("set-aside").what.contains("t-0/00000000000000000009.log.set-aside"));
    assert!(of("quarantine").what.starts_with("1 damaged ranges in 1 partitions: t-1"));
    assert_eq!(data::look(&scratch.0.join("not-yet"))[0].level, Level::Ok);
}

#[test]
fn json_keeps_its_names_and_the_page_shows_the_worst_first() {
    let fine = Finding::ok("kernel", "6.8");
    let bad = Finding::not_well(("space", Level::Bad), "none", "because", "df -h");
    let told = document(&[fine.clone(), bad.clone()]);
    let keys = |value: &Value| value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys(&told).unwrap_or_default(), ["findings", "level"]);
    assert_eq!(
        keys(&told["findings"][1]).unwrap_or_default(),
        ["fix", "level", "name", "what", "why"]
    );
    assert_eq!(told["level"], "bad");
    let text = page(&[fine, bad], false);
    assert_eq!(
        text,
        "bad   space              none\n      why: because\n      do:  df -h\nok    kernel"
    );
}
