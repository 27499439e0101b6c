//! Names: from the schema's snake_case, CamelCase and SCREAMING_CASE to Rust's.

/// `topic_data`, `TOPIC_DATA` → `TopicData`.
pub fn upper_camel(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(1);
        out.push_str(&first.to_uppercase());
        out.push_str(&rest.to_lowercase());
    }
    out
}

/// `DescribeTopicPartitions` → `describe_topic_partitions`.
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A field's Rust name.
pub fn field(name: &str) -> String {
    match name {
        "type" | "match" | "ref" | "move" | "loop" | "gen" | "use" | "as" | "in" => {
            format!("r#{name}")
        }
        _ => name.to_owned(),
    }
}
