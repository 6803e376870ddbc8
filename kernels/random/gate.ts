/**
 * Four hard-concrete gates (Louizos et al., 2018): z = clip(s·(high − low) + low, 0, 1), s = σ(α + noise), where noise =
 * ln(u / (1 − u)) of the uniform u of the element's word of the Philox stream, held between 1e-4 and 1 − 1e-4 (Guo et
 * al., 2021).
 */
import { madd } from '../common/vector';

/** @inline σ(α + ln(u / (1 − u))) = u / (u + e^−α·(1 − u)), without a logarithm. e: e^−α; u: a uniform, or ½ for σ(α) */
export function shareOpen(e: v128, u: v128): v128 {
  return f32x4.div(u, madd(e, f32x4.sub(f32x4.splat(1), u), u));
}

/** @inline The uniforms at an address, held off both ends. */
export function heldUniforms(at: usize): v128 {
  return f32x4.min(f32x4.max(v128.load(at), f32x4.splat(1e-4)), f32x4.splat(0.9999));
}

/** @inline The gate of a share s. */
export function clipped(s: v128, low: f32, high: f32): v128 {
  const z = madd(s, f32x4.splat(high - low), f32x4.splat(low));
  return f32x4.min(f32x4.max(z, f32x4.splat(0)), f32x4.splat(1));
}

/** @inline What of a gate's gradient reaches α: dz·(z − low)(high − z)/(high − low) where 0 < z < 1, else 0. */
export function throughGate(dz: v128, z: v128, low: f32, high: f32): v128 {
  const slope = f32x4.mul(
    f32x4.mul(f32x4.sub(z, f32x4.splat(low)), f32x4.sub(f32x4.splat(high), z)),
    f32x4.splat(<f32>1 / (high - low)),
  );
  const inside = v128.and(f32x4.gt(z, f32x4.splat(0)), f32x4.lt(z, f32x4.splat(1)));
  return v128.and(f32x4.mul(dz, slope), inside);
}
