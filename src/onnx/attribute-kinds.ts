/**
 * Which attributes are floats. Once read, a whole float (`alpha = 1.0`) looks like an integer; ONNX tells
 * the two apart, so the writer looks here. From the operator schemas of ONNX 1.20, default domain.
 */

const EVERYWHERE: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'epsilon',
  'gamma',
  'lambd',
  'momentum',
  'ratio',
  'cubic_coeff_a',
  'extrapolation_value',
  'value_float',
  'value_floats',
  'spatial_scale',
  'threshold',
  'softcap',
  'high',
  'low',
  'activation_alpha',
  'activation_beta',
  'norm_coefficient',
  'scales',
]);

/** Names that are floats in some operators and integers in others. */
const BY_OPERATOR: Readonly<Record<string, readonly string[]>> = {
  Attention: ['scale'],
  Clip: ['min', 'max'],
  Dropout: ['ratio'],
  LRN: ['bias'],
  Pad: ['value'],
  RandomNormal: ['mean', 'scale', 'seed'],
  RandomNormalLike: ['mean', 'scale', 'seed'],
  RandomUniform: ['seed'],
  RandomUniformLike: ['seed'],
  Shrink: ['bias'],
  Upsample: ['scales'],
};

/** True when the attribute `name` of operator `op` is of kind FLOAT or FLOATS. */
export function isFloatAttribute(op: string, name: string): boolean {
  return EVERYWHERE.has(name) || (BY_OPERATOR[op]?.includes(name) ?? false);
}
