/** Prefixes can be in a model once: the rewrites of attentions and masks count what is there. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { Rewriter } from './rewrite.ts';

const SHAPE = /^\/delta\/prefix\/(?:(?:encoder|decoder|cross)\/)?Shape$/;

/** @throws StudioError('spec') where an earlier method has put prefixes before keys and values */
export function refuseSecondPrefix(rewriter: Rewriter): void {
  if (!rewriter.graph.nodes.some(({ name }) => SHAPE.test(name))) return;
  throw new StudioError(
    'spec',
    say`${field('method.type')}: the attentions have prefixes already; leave one of "prefix", "mam" and "unipelt" out.`,
    { where: 'method.type' },
  );
}
