/** `training.fitMemory` chooses the least recomputation that keeps to it, or says what there is to do. Planned only. */
import { describe, expect, it } from 'vitest';
import { bertConfig, bertModel, bertTensors } from '../../src/measure/random-bert.ts';
import { BENCH_RUN } from '../../src/measure/methods.ts';
import { defaultOptions } from '../../src/deltas/catalogue.ts';
import { StudioError } from '../../src/errors.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { compileRun, type CompileRequest } from '../../src/train/compile.ts';

const CONFIG = { ...bertConfig(256, 6), vocabulary: 1000 };
const MODEL = bertModel(
  CONFIG,
  bertTensors(CONFIG, (_name, length) => new Float32Array(length)),
);

const compile = (more: Partial<CompileRequest>) =>
  compileRun({
    ...BENCH_RUN,
    model: MODEL,
    modelKey: 'fit',
    method: defaultOptions('full'),
    training: { batchSize: 8, lengths: [{ length: 64 }] },
    adapter: DEFAULT_PROFILE,
    ...more,
  });

const modes = ['none', 'cheap', 'layers'] as const;
const totals = modes.map((recompute) => compile({ recompute }).memory.total);

describe('a run that is to fit', () => {
  it.each(modes.map((mode, i) => [mode, totals[i]] as const))(
    'is planned by %s where that takes as much as is allowed',
    (mode, total) => {
      const { memory, fitted } = compile({ fitMemory: total });
      expect(memory.total).toBe(total);
      expect(fitted!.recompute).toBe(mode);
      if (mode === 'none') expect(fitted!.arithmetic).toBe(1);
      if (mode === 'layers') {
        expect(fitted!.arithmetic).toBeGreaterThan(1.15);
        expect(fitted!.arithmetic).toBeLessThan(1.4);
      }
    },
  );

  it('is planned by more where a byte less is allowed, and refused where no more is left', () => {
    expect(totals).toEqual([...totals].sort((a, b) => b - a));
    expect(compile({ fitMemory: totals[0] - 1 }).fitted!.recompute).toBe('cheap');
    expect(compile({ fitMemory: totals[1] - 1 }).fitted!.recompute).toBe('layers');
    const error = (more: Partial<CompileRequest>): StudioError => {
      try {
        compile(more);
      } catch (cause) {
        if (cause instanceof StudioError) return cause;
        throw cause;
      }
      throw new Error('was not refused');
    };
    const { message, where } = error({ fitMemory: totals[2] - 1 });
    expect(where).toBe('training.fitMemory');
    expect(message.length).toBeLessThan(400);
    expect(message).toContain(
      `this takes ${(totals[2] / 2 ** 20).toFixed(1)} MiB with all made anew that may be`,
    );
    // What is said of recomputation holds.
    expect(error({ fitMemory: totals[0] - 1, recompute: 'none' }).where).toBe('training.fitMemory');
    expect(compile({ fitMemory: totals[0], recompute: 'layers' }).fitted!.recompute).toBe('layers');
  });

  it('is not there without a limit', () => {
    expect(compile({}).fitted).toBeUndefined();
  });
});
