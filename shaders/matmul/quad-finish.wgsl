// Finishes the tile's rows. A loop over a copy, of a length that no compiler knows: unrolled, the epilogue would take
// most of the time that software adapters compile.
// Not a module by itself: the quad products end with it.
  var sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
  for (var r = 0u; r < min(8u, count - row); r++) {
    finish(batch * count + row + r, group, sums[r]);
  }
