/** Soft prompts: rows of Concat(words, prompt) become a gather from two tables, without a copy of either. */
import type { Program } from '../program.ts';
import { fused, replaceNodes } from './wiring.ts';

export function fuseTwoTables(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    if (node.op !== 'Gather' || node.inputs.length > 2) return undefined;
    const concat = wiring.made(node.inputs[0], 'Concat');
    if (!concat || concat.attributes.axis !== 0 || concat.inputs.length !== 2) return undefined;
    const [table, extra] = concat.inputs;
    return [fused<'Gather'>({ ...node, inputs: [table, node.inputs[1], extra] }, [concat, node])];
  });
}
