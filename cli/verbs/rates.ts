/** `delta rates`: where each method begins to learn and where it diverges, before it is trained. */
import path from 'node:path';
import { saidBefore } from '../../src/advice/examine.ts';
import { findRate } from '../../src/advice/find-rate.ts';
import type { RateCurve } from '../../src/advice/range-test.ts';
import { defaultRateOf } from '../../src/deltas/default-rates.ts';
import { rateTraits } from '../../src/deltas/model-traits.ts';
import { StudioError } from '../../src/errors.ts';
import { methodList as methodsOf } from '../../src/runs/spec-method.ts';
import { stageRuns, type ComparisonRun } from '../../src/runs/spec.ts';
import { english, say } from '../../src/sentence.ts';
import { methodList, UsageError, type Arguments } from '../arguments.ts';
import { withStudio } from '../device.ts';
import { loadSpec, openFolder } from '../load.ts';
import { askedRuns, filesOf, openRuns } from '../methods-asked.ts';
import { OutFolder } from '../out-folder.ts';
import { print, printJson, progress, tableText } from '../output.ts';
import { Interrupts } from '../signals.ts';
import { writeJson } from '../whole-file.ts';

export const RATES_NAME = 'rates.json';

export async function rates({ flags, json }: Arguments): Promise<number> {
  const loaded = await loadSpec(flags.spec!);
  const asked = askedRuns(loaded, methodList(flags.methods));
  if (asked === null) throw new UsageError('rates: --methods is missing, and the spec names no method');
  const reads = filesOf(flags.spec!, loaded);
  const out = OutFolder.claim(flags.out!, { force: flags.force === true, reads });
  const interrupts = new Interrupts();
  try {
    const { prepared, runs } = await openRuns(loaded, asked);
    for (const note of saidBefore(prepared, runs[0].spec).all) progress(`Note: ${english(note)}`);
    const traits = rateTraits(prepared.deltaModel);
    const found: Record<string, RateCurve> = {};
    let stopped = false;
    let begun = false;
    interrupts.onFirst(() => {
      progress('Stopping after this step and writing what there is.');
      stopped = true;
    });
    await withStudio(flags, async (studio) => {
      for (const { key, spec } of runs) {
        if (stopped) break;
        const standard = standardRate(spec, traits);
        const curve = await findRate(studio, prepared, spec, standard, {
          openFolder: (folder) => openFolder(path.resolve(loaded.base, folder)),
          goesOn: () => !stopped,
        });
        // Of a test that was cut short nothing is known.
        if (stopped) break;
        found[key] = curve;
        if (!begun) out.begin(RATES_NAME, `${JSON.stringify(found, null, 2)}\n`);
        else writeJson(path.join(out.place, RATES_NAME), found);
        begun = true;
        progress(`${key}: ${curve.curve.length} steps, ${told(curve)}`);
      }
    });
    if (!begun) throw new StudioError('training', say`Stopped before the first rate was found.`);
    if (json) printJson({ out: out.place, rates: found });
    else print(`${ratesTable(found)}\nWritten to ${out.place}`);
    return 0;
  } finally {
    interrupts.close();
    out.release();
  }
}

/** The rate that a test lies around: the spec's, where it gives one, else the default. */
function standardRate(spec: ComparisonRun['spec'], traits: Parameters<typeof defaultRateOf>[1]): number {
  const [{ method }] = stageRuns(spec);
  return defaultRateOf(methodsOf(method), traits);
}

function told({ suggested, diverges }: RateCurve): string {
  const at = diverges === null ? 'it never diverges' : `it diverges at ${shown(diverges)}`;
  return suggested === null ? `no rate brings the loss down, ${at}` : `take ${shown(suggested)}, ${at}`;
}

function shown(rate: number | null): string {
  return rate === null ? '–' : String(Number(rate.toPrecision(2)));
}

function ratesTable(found: Readonly<Record<string, RateCurve>>): string {
  const rows = Object.entries(found).map(([key, { curve, suggested, diverges }]) => [
    key,
    shown(suggested),
    shown(diverges),
    String(curve.length),
  ]);
  return tableText([['method', 'suggested', 'diverges at', 'steps'], ...rows]);
}
