// The memory of kernels whose workgroups own queries and stream over keys: a row a query of what its scores became.
// Not a module by itself: attention kernels in tiles include it.
override ROW: u32 = (PART / 4u) | 1u;
override CHUNK: u32 = QUERIES * ROW; // where the streamed tokens' heads begin
override SIZE: u32 = max((QUERIES + KEYS) * STRIDE, max(CHUNK + SPAN * FOURS, LANES * (QUERIES_EACH / 4u)));
var<workgroup> memory: array<vec4<f32>, SIZE>;
