// The numbers Adafactor's update of one matrix needs of all of it, in one workgroup:
//   rate   = learning rate * (scaleParameter ? max(eps2, rms(p)) : 1)
//   rms(u) = sqrt(mean(rowMoment) * sum(sums) / n),  u = g sqrt(mean(rowMoment) / (rowMoment columnMoment))
//   stats  = [rate / max(1, rms(u) / clipThreshold) * sqrt(mean(rowMoment)), rate * weightDecay, 0, 0]
override columns: u32 = 1u;
override scaleParameter: bool = true;
override epsilon2: f32 = 1e-3;
override clipThreshold: f32 = 1.0;
override weightDecay: f32 = 0.0;
override learningRateScale: f32 = 1.0;

//#include "common/step"
//#include "reduce/workgroup"

@group(0) @binding(0) var<storage, read_write> rowMoment: array<f32>; // [rows]
@group(0) @binding(1) var<storage, read_write> squares: array<f32>;   // [rows]
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;      // [rows]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;     // [4]
@group(0) @binding(4) var<storage, read_write> stepBlock: Step;

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) lane: u32) {
  let rows = arrayLength(&rowMoment);
  var moments = 0.0;
  var two = vec2<f32>(0.0);
  for (var r = lane; r < rows; r += workgroupSize) {
    moments += rowMoment[r];
    two += vec2<f32>(squares[r], sums[r]);
  }
  moments = workgroupSum(vec2<f32>(moments, 0.0), lane).x / f32(rows);
  two = workgroupSum(two, lane);
  if (lane == 0u) {
    let count = f32(rows) * f32(columns);
    var rate = stepBlock.learningRate * learningRateScale;
    if (scaleParameter) { rate *= max(epsilon2, sqrt(two.x / count)); }
    let rms = sqrt(moments * two.y / count);
    stats[0] = rate / max(1.0, rms / clipThreshold) * sqrt(moments);
    stats[1] = rate * weightDecay;
    stats[2] = 0.0;
    stats[3] = 0.0;
  }
}
