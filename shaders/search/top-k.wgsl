// The k likeliest of each row of logits, a workgroup a row: y[row, 0, :] their log-probabilities, log softmax of the
// logits, in falling order; y[row, 1, :] their columns, as floats. Of equals the earlier column comes first.
// What a search over tokens has to read back is then 2k numbers a row, not the vocabulary.
override rows: u32 = 1u;
override columns: u32 = 1u;
override k: u32 = 1u;
override workgroupSize: u32 = 64u;

const LOWEST = -3.4028234663852886e38;

@group(0) @binding(0) var<storage, read_write> logits: array<f32>; // [rows, columns]
@group(0) @binding(1) var<storage, read_write> y: array<f32>;      // [rows, 2, k]

var<workgroup> values: array<f32, workgroupSize>;
var<workgroup> places: array<u32, workgroupSize>;

// Whether a at i comes before b at j.
fn before(a: f32, i: u32, b: f32, j: u32) -> bool {
  return a > b || (a == b && i < j);
}

@compute @workgroup_size(workgroupSize)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= rows) { return; }
  let start = row * columns;
  var last = 0.0;
  var lastPlace = 0u;
  var most = 0.0;
  var total = 0.0;
  for (var found = 0u; found < k; found++) {
    var best = LOWEST;
    var place = columns;
    for (var c = lane; c < columns; c += workgroupSize) {
      let z = logits[start + c];
      if (found > 0u && !before(last, lastPlace, z, c)) { continue; }
      if (place == columns || before(z, c, best, place)) {
        best = z;
        place = c;
      }
    }
    values[lane] = best;
    places[lane] = place;
    workgroupBarrier();
    for (var span = workgroupSize / 2u; span > 0u; span >>= 1u) {
      if (lane < span && places[lane + span] < columns) {
        if (places[lane] == columns || before(values[lane + span], places[lane + span], values[lane], places[lane])) {
          values[lane] = values[lane + span];
          places[lane] = places[lane + span];
        }
      }
      workgroupBarrier();
    }
    last = values[0];
    lastPlace = places[0];
    workgroupBarrier();
    if (found == 0u) {
      most = last;
      var sum = 0.0;
      for (var c = lane; c < columns; c += workgroupSize) { sum += exp(logits[start + c] - most); }
      values[lane] = sum;
      workgroupBarrier();
      for (var span = workgroupSize / 2u; span > 0u; span >>= 1u) {
        if (lane < span) { values[lane] += values[lane + span]; }
        workgroupBarrier();
      }
      total = log(values[0]);
      workgroupBarrier();
    }
    if (lane == 0u) {
      y[row * 2u * k + found] = last - most - total;
      y[row * 2u * k + k + found] = f32(lastPlace);
    }
  }
}
