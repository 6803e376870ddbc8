// Where an id stands among the sorted ids of a batch: the first k with order[k] >= id.
override positions: u32 = 1u;

// [2, positions]: the ids in ascending order, then the positions they stand at.
@group(0) @binding(1) var<storage, read_write> order: array<i32>;

fn lowerBound(id: i32) -> u32 {
  var low = 0u;
  var high = positions;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (order[middle] < id) { low = middle + 1u; } else { high = middle; }
  }
  return low;
}
