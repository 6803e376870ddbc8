/** What a fusion takes is known before the adapters are that it will be over: they are planned as they start. */
import { adapter } from '../../deltas/adapter.ts';
import type { DeltaModel } from '../../deltas/delta.ts';
import type { RunSpec } from '../../runs/spec.ts';
import { startedSpec } from '../started-spec.ts';
import type { Cell } from '../study.ts';

/** Before the identity of a cell whose adapter is not trained yet; no folder is called so. */
const PLANNED = 'planned:';

/**
 * The spec of a cell to plan and to time with. Of a fusion it names adapters of the shapes that other cells will
 * train, as they start; these are put beside the model.
 * @throws StudioError('unsupported') as adapters do
 */
export function plannedSpec(cell: Cell, model: DeltaModel): RunSpec {
  const { fused } = cell;
  if (fused === undefined) return cell.spec;
  for (const { id, method } of fused) {
    if (method.type !== 'adapter') throw new Error(`internal: no fusion is over ${method.type}`);
    const { tensors, hubConfig } = adapter(model, method, cell.spec.training.seed);
    model.adapters?.set(`${PLANNED}${id}`, { name: id, options: method, tensors, hubConfig: hubConfig! });
  }
  return startedSpec(cell, { adapters: fused.map(({ id }) => `${PLANNED}${id}`) });
}
