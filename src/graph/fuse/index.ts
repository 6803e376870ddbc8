/** The fusions in their order. Each is a pass over the program; what they leave unread is swept. */
import type { Program } from '../program.ts';
import { fuseActivations } from './activations.ts';
import { fuseAttention } from './attention.ts';
import { fuseTwoTables } from './embedding.ts';
import { fuseFastfood } from './fastfood.ts';
import { fuseGates } from './gates.ts';
import { fuseLayerNorm } from './layer-norm.ts';
import { fuseLinear } from './linear.ts';
import { fuseSparse } from './sparse.ts';
import { fuseRmsNorm } from './rms-norm.ts';
import { simplify } from './simplify.ts';
import { shareCommon, sweep } from './sweep.ts';

/** Fuses a program in place. Values that survive keep their ids. */
export function fuse(program: Program): void {
  sweep(program);
  shareCommon(program);
  fuseFastfood(program);
  fuseTwoTables(program);
  fuseSparse(program);
  fuseGates(program);
  fuseLayerNorm(program);
  fuseRmsNorm(program);
  fuseActivations(program);
  sweep(program);
  fuseAttention(program);
  sweep(program);
  simplify(program);
  fuseLinear(program);
  sweep(program);
  shareCommon(program);
  sweep(program);
}
