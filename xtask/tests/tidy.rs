//! The whole checkout is tidy, and the checks do see what they are for.

#[test]
fn the_checkout_is_tidy() {
    if let Err(findings) = xtask::tidy::run(&xtask::root()) {
        panic!("{findings}");
    }
}
