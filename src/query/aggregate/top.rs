//! The top of a facet.

/// The `size` most frequent of some counted keys (0 means all), and the sum of the other counts.
/// Equal counts are in the order of their keys.
#[must_use]
pub fn top<K: Ord>(counts: Vec<(K, u64)>, size: usize) -> (Vec<(K, u64)>, u64) {
    let mut counts = counts;
    let order = |a: &(K, u64), b: &(K, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
    let size = if size == 0 { counts.len() } else { size };
    let mut other = 0;
    if size < counts.len() {
        counts.select_nth_unstable_by(size, order);
        other = counts[size..].iter().map(|(_, count)| count).sum();
        counts.truncate(size);
    }
    counts.sort_unstable_by(order);
    (counts, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_frequent_first_then_by_key() {
        let counts = || vec![("c", 1), ("b", 2), ("a", 2), ("d", 5)];
        assert_eq!(top(counts(), 2), (vec![("d", 5), ("a", 2)], 3));
        assert_eq!(top(counts(), 0), (vec![("d", 5), ("a", 2), ("b", 2), ("c", 1)], 0));
        assert_eq!(top(counts(), 9).1, 0);
    }
}
