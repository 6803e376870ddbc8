/** The project's aims, held against what was measured. */
import { methodCostAims } from './method-costs.ts';
import type { Aim, BenchResults } from './results.ts';

/** How many times faster than TensorFlow.js a full training step shall be. */
const AIMED_RATIO: Readonly<Record<string, number>> = { swiftshader: 2, lavapipe: 1.5 };
const LORA_TO_FULL = 0.8;
const DISPATCHES_A_LAYER = 60;
const CACHED_RATIO = 5;
/** From here on a chunk is as large as chunks get. */
const LARGE_VOCABULARY = 32768;

export function judge({
  adapter,
  stacks,
  forecasts,
  generation,
  lossMemory,
  methods: costs,
}: Omit<BenchResults, 'aims'>): Aim[] {
  const aims: Aim[] = [...methodCostAims(costs)];
  const add = (aim: string, measured: string, met: boolean): void => {
    aims.push({ aim, measured, met });
  };
  const wanted = AIMED_RATIO[adapter.name] ?? 1;
  for (const { stack, tokens, step, methods } of stacks) {
    const name = `h${stack.hidden}, ${tokens} tokens`;
    const faster = `${step.ratio.wall.toFixed(2)} (processor time ${step.ratio.cpu.toFixed(2)})`;
    add(`step at least ${wanted}× TensorFlow.js: ${name}`, faster, step.ratio.wall >= wanted);
    const lora = methods.find(({ method }) => method === 'lora')!.ratioToFull;
    const part = `${lora.wall.toFixed(2)} (processor time ${lora.cpu.toFixed(2)})`;
    add(`LoRA's step at most ${LORA_TO_FULL} of full's: ${name}`, part, lora.wall <= LORA_TO_FULL);
  }
  const all = stacks.flatMap(({ methods }) => methods);
  if (all.length > 0) {
    const most = Math.max(...all.map(({ dispatchesPerLayer }) => dispatchesPerLayer));
    add(`at most ${DISPATCHES_A_LAYER} dispatches a layer`, `${most}`, most <= DISPATCHES_A_LAYER);
    const exact = all.filter(({ forecastIsExact }) => forecastIsExact).length;
    add('forecast equals allocation to the byte', `${exact} of ${all.length}`, exact === all.length);
  }
  for (const { hidden, size, totals } of forecasts) {
    const measured = `${(totals.lora / totals.full).toFixed(2)} of full's`;
    add(
      `LoRA's peak below full's: h${hidden}, batch ${size.batchSize} × ${size.length}`,
      measured,
      totals.lora < totals.full,
    );
  }
  for (const { hidden, newTokens, ratio } of generation) {
    const what = `cached generation at least ${CACHED_RATIO}× recomputation: h${hidden}, ${newTokens} tokens`;
    add(what, ratio.toFixed(2), ratio >= CACHED_RATIO);
  }
  const long = lossMemory.filter(({ vocabulary }) => vocabulary >= LARGE_VOCABULARY);
  if (long.length > 0) {
    const bytes = new Set(long.map(({ chunks }) => chunks));
    add(
      "the loss's working memory does not grow with the vocabulary",
      `${bytes.size} sizes`,
      bytes.size === 1,
    );
  }
  return aims;
}
