/** Of a table that is moved by a Fastfood projection only the rows that are read are ever computed. */
import type { Program } from '../program.ts';
import { fused, replaceNodes } from './wiring.ts';

export function fuseFastfood(program: Program): void {
  replaceNodes(program, (node, wiring) => {
    if (node.op !== 'Gather' || node.inputs.length > 2) return undefined;
    const [table, ids] = node.inputs;
    const moved = wiring.made(table, 'Fastfood');
    if (!moved || moved.inputs.length > 4) return undefined;
    return [
      fused<'Fastfood'>(
        { op: 'Fastfood', inputs: [...moved.inputs, ids], outputs: node.outputs, attributes: {} },
        [moved, node],
      ),
    ];
  });
}
