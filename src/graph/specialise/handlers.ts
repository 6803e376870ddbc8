/** Source operators on device values: one function each, in tables by family. */
import { ELEMENTWISE_HANDLERS } from './elementwise.ts';
import { GATHER_HANDLERS } from './gather.ts';
import { LAYOUT_HANDLERS } from './layout.ts';
import { LINEAR_HANDLERS } from './linear.ts';
import { MASK_HANDLERS } from './mask.ts';
import { SPARSE_HANDLERS } from './sparse.ts';
import type { Handler } from './specialiser.ts';

export const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...ELEMENTWISE_HANDLERS,
    ...GATHER_HANDLERS,
    ...LAYOUT_HANDLERS,
    ...LINEAR_HANDLERS,
    ...MASK_HANDLERS,
    ...SPARSE_HANDLERS,
  }),
);
