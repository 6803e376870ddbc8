// What of a gate's gradient reaches alpha: s (1 - s) (high - low) with s from z, and nothing where the gate is clipped.
override low: f32 = -1.5;
override high: f32 = 1.5;

fn throughGate(dz: f32, z: f32) -> f32 {
  let slope = (z - low) * (high - z) / (high - low);
  return select(0.0, dz * slope, z > 0.0 && z < 1.0);
}
