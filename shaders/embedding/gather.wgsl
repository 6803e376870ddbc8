// Rows of a table by id: y[t, :] = id < vocabulary ? table[id, :] : extra[id - vocabulary, :].
// `extra` holds soft prompt rows; with none the binding repeats the table and extraRows is 0.
// A table longer than a binding may be is looked up in slices, a dispatch each: `table` is then its `rows` rows from
// firstRow on, and positions of other rows are left to the other dispatches.
// Two entries: an item is a float of y, or four (then `width` counts fours). Items are counted at run time and
// walked with the whole grid's stride, so one pipeline serves all batch sizes and lengths.
override width: u32 = 1u;
override vocabulary: u32 = 1u;
override extraRows: u32 = 0u;
override firstRow: u32 = 0u;
override rows: u32 = 0u; // of the slice; 0: the table is whole

@group(0) @binding(0) var<storage, read_write> table: array<f32>;        // [vocabulary, width]
@group(0) @binding(0) var<storage, read_write> table4: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> ids: array<i32>;          // [positions]
@group(0) @binding(2) var<storage, read_write> extra: array<f32>;        // [extraRows, width]
@group(0) @binding(2) var<storage, read_write> extra4: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;            // [positions, width]
@group(0) @binding(3) var<storage, read_write> y4: array<vec4<f32>>;

@compute @workgroup_size(256)
fn narrow(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let stride = groups.x * groups.y * 256u;
  for (var i = (group.y * groups.x + group.x) * 256u + lane; i < arrayLength(&y); i += stride) {
    let id = u32(ids[i / width]);
    let column = i % width;
    if (extraRows > 0u && id >= vocabulary) {
      y[i] = extra[(id - vocabulary) * width + column];
    } else if (rows == 0u || id - firstRow < rows) { // ids below firstRow wrap around
      y[i] = table[(id - firstRow) * width + column];
    }
  }
}

@compute @workgroup_size(256)
fn wide(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let stride = groups.x * groups.y * 256u;
  for (var i = (group.y * groups.x + group.x) * 256u + lane; i < arrayLength(&y4); i += stride) {
    let id = u32(ids[i / width]);
    let column = i % width;
    if (extraRows > 0u && id >= vocabulary) {
      y4[i] = extra4[(id - vocabulary) * width + column];
    } else if (rows == 0u || id - firstRow < rows) { // ids below firstRow wrap around
      y4[i] = table4[(id - firstRow) * width + column];
    }
  }
}
