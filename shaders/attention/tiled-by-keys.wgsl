// The memory of kernels whose workgroups own keys and stream over queries: a row a query of what its scores became.
// Not a module by itself: attention kernels in tiles include it.
override ROW: u32 = (KEYS / 4u) | 1u;
override CHUNK: u32 = PART * ROW; // where the streamed tokens' heads begin
override SIZE: u32 = max((QUERIES + KEYS) * STRIDE, CHUNK + SPAN * FOURS);
var<workgroup> memory: array<vec4<f32>, SIZE>;
