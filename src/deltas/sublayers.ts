/**
 * Where bottlenecks stand: what they give is added to a sub-layer's output before the residual, or around the
 * normalisation after it. adapter.ts says what the placements compute.
 */
import type { SublayerSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import { say } from '../sentence.ts';
import { isParallel, type AdapterPlacement } from './adapter-options.ts';
import type { DeltaModel } from './delta.ts';
import { notApplicable } from './refusal.ts';
import type { Rewriter } from './rewrite.ts';

/** One sub-layer that something is added to. */
export interface Sublayer {
  model: DeltaModel;
  rewriter: Rewriter;
  site: SublayerSite;
  /** Module whose output the sub-layer's residual takes: the last linear of the sub-layer. */
  module: string;
  /** What nodes are named under. */
  path: string;
}

/** What is added, and the nodes that compute it. */
export interface Branch {
  nodes: SourceNode[];
  branch: string;
}

/**
 * Adds a branch at every sub-layer that the placement names.
 * @param branchOf its nodes for what it reads, `u` [batch, length, hidden]
 * @throws StudioError('unsupported') for a model without residual sub-layers
 */
export function addAtSublayers(
  rewriter: Rewriter,
  model: DeltaModel,
  { type, placement }: { type: string; placement: AdapterPlacement },
  branchOf: (at: Sublayer, u: string) => Branch,
): void {
  const sites = model.roles.sublayers.filter(({ role }) => role.endsWith('.ffn') || placement === 'both');
  if (sites.length === 0)
    throw notApplicable(type, say`attention and feed-forward with residuals around them`);
  for (const site of sites) {
    const linear = model.roles.linears.find(({ output }) => output === site.output);
    const at: Sublayer = {
      model,
      rewriter,
      site,
      module: linear?.module ?? site.role,
      path: `/delta/${type}/${site.role}`,
    };
    if (placement === 'pfeiffer') addAroundNorm(at, branchOf);
    else addToOutput(at, placement, branchOf);
  }
}

function addToOutput(
  at: Sublayer,
  placement: AdapterPlacement,
  branchOf: (at: Sublayer, u: string) => Branch,
): void {
  const { rewriter, site, path } = at;
  const output = rewriter.current(site.output);
  const input = isParallel({ placement }) ? rewriter.current(site.input) : output;
  const { nodes, branch } = branchOf(at, input);
  const sum = rewriter.node(`${path}/Add`, 'Add', [output, branch]);
  nodes.push(sum);
  rewriter.insertAfter([output, input], nodes);
  rewriter.redirect(output, sum.outputs[0], new Set(nodes));
}

/** The residual's sum goes through the norm, the branch, the sum again and a copy of the norm. */
function addAroundNorm(at: Sublayer, branchOf: (at: Sublayer, u: string) => Branch): void {
  const { rewriter, site, path } = at;
  const norm = normAfter(at);
  const sum = rewriter.current(site.sum);
  const u = norm === undefined ? sum : rewriter.current(norm);
  const { nodes, branch } = branchOf(at, u);
  const again = rewriter.node(`${path}/Add`, 'Add', [sum, branch]);
  nodes.push(again);
  let result = again.outputs[0];
  if (norm !== undefined) {
    const copy = rewriter.copyBetween(site.sum, norm, result, `${path}/norm`);
    nodes.push(...copy.nodes);
    result = copy.value;
  }
  rewriter.insertAfter([u], nodes);
  rewriter.redirect(u, result, new Set(nodes));
  // Another adapter on top adds to the sum that this one has.
  rewriter.moved.set(site.sum, norm === undefined ? result : again.outputs[0]);
}

/** Of a model that normalises after the residual: the norm's source value. */
function normAfter({ model, site }: Sublayer): string | undefined {
  return model.roles.norms.find(({ role, input }) => input === site.sum && role === `${site.role}.norm`)
    ?.output;
}
