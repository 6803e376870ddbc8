/** The T5s of tests/oracle: imported from encoder and decoder files, merged or not, they say what PyTorch said. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import { loadModel } from '../../src/models/load.ts';
import { runProgram } from '../support/compiled.ts';
import { ORACLES } from '../support/oracle.ts';

interface Recorded {
  batches: Record<'input_ids' | 'attention_mask' | 'decoder_input_ids', number[][]>[];
  trainable: { name: string; shape: number[] }[];
  /** [batch][row][target token][vocabulary], of the first row of the first batch. */
  logits: { initial: number[][][][] };
}

describe.each(['t5', 't5-gated', 't5-merged'])('%s', (family) => {
  const folder = path.join(ORACLES, family);
  const recorded = JSON.parse(readFileSync(path.join(folder, 'full.json'), 'utf8')) as Recorded;

  it('has the parameters of the model in PyTorch, the shared table once', async () => {
    const { parameters } = await loadModel(modelFiles(folder), folder);
    // Linear weights lie the other way round in ONNX.
    const shapes = (entries: [string, readonly number[]][]) =>
      entries.map(([name, dims]) => [name, [...dims].sort((a, b) => a - b)]).sort();
    expect(shapes([...parameters].map(([name, { dims }]) => [name, dims]))).toEqual(
      shapes(recorded.trainable.map(({ name, shape }) => [name, shape])),
    );
  });

  it("gives PyTorch's logits", async () => {
    const model = await loadModel(modelFiles(folder), folder);
    const batch = recorded.batches[0];
    const inputs = Object.fromEntries(
      Object.entries({
        input_ids: batch.input_ids,
        attention_mask: batch.attention_mask,
        decoder_input_ids: batch.decoder_input_ids,
      }).map(([name, rows]) => [name, Int32Array.from(rows.flat())]),
    );
    const inputShapes = {
      input_ids: [batch.input_ids.length, batch.input_ids[0].length],
      attention_mask: [batch.input_ids.length, batch.input_ids[0].length],
      decoder_input_ids: [batch.input_ids.length, batch.decoder_input_ids[0].length],
    };
    const compiled = compileForward(model.graph, model.parameters, { inputShapes, mode: 'eval' });
    verifyProgram(compiled.program, compiled.host);
    const { data } = runProgram(model, compiled, inputs).get('logits')!;
    const expected = recorded.logits.initial[0][0].flat();
    const largest = Math.max(...expected.map((value, i) => Math.abs(value - data[i])));
    expect(largest).toBeLessThan(1e-4);
  });
});
