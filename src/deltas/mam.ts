/**
 * Mix-And-Match (He et al., 2022): prefix tuning in the attentions and a scaled parallel adapter beside each
 * feed-forward, trained together. With P virtual tokens and x what enters a feed-forward of output h:
 *
 *   K = [P_k; K], V = [P_v; V]                       [P_k; P_v] of all layers = MLP(E), E [P, hidden], tanh inside
 *   LN(h + 4·(relu(x·W_down + b)·W_up + b) + x)      of width ⌊hidden / reduction⌋
 *
 * W_up starts at zero, so the adapters change nothing at first; the prefixes are drawn and do. Files are AdapterHub's
 * (`mam`: a "union" of `prefix_tuning` and `par_bn`) and so is what differs from prefix tuning here: the text's
 * positions do not move, a layer used many times has one prefix, and files hold the MLP, which trains on from there.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { bottlenecks, plainWeights } from './adapter.ts';
import { hubConfig, hubPrefixConfig, hubPrefixPlace, hubUnion } from './adapter-hub.ts';
import { modulesOf } from './beside.ts';
import type { Delta, DeltaModel } from './delta.ts';
import { prependAll, sliceOf } from './prefix.ts';
import { project } from './prefix-projection.ts';
import { notApplicable } from './refusal.ts';
import { Rewriter } from './rewrite.ts';
import { TensorTable } from './tensors.ts';

export interface MamOptions {
  type: 'mam';
  virtualTokens: number;
  /** Hidden width over the adapters'. */
  reduction: number;
  /** Width inside the MLP that gives the prefixes; the model's own when left out. */
  encoderHiddenSize?: number;
}

/** @throws StudioError('unsupported') for anything but an encoder, ('spec') for adapters of no width */
export function mam(model: DeltaModel, options: MamOptions, seed: number): Delta {
  const prefixed = prefixes(model, options, seed);
  const width = widthOf(model, options);
  const shape = { bottleneck: width, activation: 'relu', placement: 'scaledParallel' } as const;
  const beside = bottlenecks(
    { ...model, graph: prefixed.rewriter.graph, moved: prefixed.rewriter.moved },
    { type: 'mam', ...shape },
    seed,
    (at) => plainWeights(at, shape),
  );
  return {
    ...beside,
    tensors: [...prefixed.tensors.list, ...beside.tensors],
    hubConfig: hubUnion(
      hubConfig(model, shape, { reduction_factor: options.reduction }),
      hubPrefixConfig(options.virtualTokens, options.encoderHiddenSize ?? model.roles.hidden),
    ),
  };
}

/** The prefixes of all attentions, those of one layer for each of its uses. */
function prefixes(
  model: DeltaModel,
  options: MamOptions,
  seed: number,
): { rewriter: Rewriter; tensors: TensorTable } {
  const { attentions, hidden, layers, linears } = model.roles;
  const masked = model.graph.inputs.some(({ name }) => name === 'attention_mask');
  if (layers.decoder > 0 || attentions.length === 0 || !masked)
    throw notApplicable('mam', say`an encoder alone with attention layers and an "attention_mask" input`);
  const rewriter = new Rewriter(model);
  const tensors = new TensorTable(rewriter, seed);
  const keys = attentions.map(({ role }) => linears.find((linear) => linear.role === `${role}.k`)!);
  const own = modulesOf(keys);
  const rows = project(
    rewriter,
    tensors,
    { ...options, initialization: 'random' },
    hidden,
    2 * own.length * hidden,
    { key: 'delta.mam.prefix', file: (name, transposed) => hubPrefixPlace(own, name, transposed) },
  );
  prependAll(rewriter, model, options.virtualTokens, (site, part) => {
    const layer = own.indexOf(keys[attentions.indexOf(site)].module);
    return sliceOf(rewriter, site, rows.value, (2 * layer + part) * hidden, hidden);
  });
  return { rewriter, tensors };
}

function widthOf({ roles: { hidden } }: DeltaModel, { reduction }: MamOptions): number {
  if (reduction <= hidden) return Math.floor(hidden / reduction);
  throw new StudioError(
    'spec',
    say`${field('method.reduction')}: got ${reduction}, and the model is ${hidden} wide, which leaves the adapters no width; choose at most ${hidden}.`,
    { where: 'method.reduction' },
  );
}
