/** Adapters that runs of this browser's history left, where a method's card reads one. */
import type { MethodType } from '../../deltas/defaults.ts';
import { entryOrDamage, isDamaged, type RawEntry } from '../../runs/storage/entry.ts';
import type { StoredEntry, StoredHeader } from '../../runs/storage/stored.ts';
import type { StartPlace } from './draft-starts.ts';

interface EarlierAdapter {
  entry: StoredEntry;
  run: string;
  /** The comparison's name and the run's: what tells it from others. */
  label: string;
}

const PROMPTS: readonly MethodType[] = ['prompt', 'ptuning', 'multitaskPrompt', 'ipt'];

/** Methods whose adapters can stand in a place of a card. */
function takenBy(type: MethodType, place: StartPlace): readonly MethodType[] {
  if (place === 'adapters') return ['adapter'];
  if (place === 'prompts') return PROMPTS;
  if (type === 'prompt') return ['prompt', 'ptuning'];
  return [type];
}

/**
 * Runs whose adapters fit, newest first.
 * @param source of the model that is open: an adapter belongs to its base
 */
export function earlierAdapters(
  entries: readonly RawEntry[],
  { type, place, source }: { type: MethodType; place: StartPlace; source: string },
): EarlierAdapter[] {
  const fits = takenBy(type, place);
  return entries.flatMap((raw) => {
    const entry = entryOrDamage(raw);
    if (isDamaged(entry) || entry.comparison.model.source !== source) return [];
    const { name, runs } = entry.comparison;
    return runs
      .filter((header) => fits.includes(typeOf(header)!) && hasAdapter(entry, header.run))
      .map(({ run }) => ({ entry, run, label: `${name}: ${run}` }));
  });
}

/** Of a run of one method; several have a folder each, in which nothing of the kind lies. */
function typeOf({ spec: { method } }: StoredHeader): MethodType | undefined {
  return method === undefined || Array.isArray(method) ? undefined : method.type;
}

const hasAdapter = ({ runs }: StoredEntry, run: string): boolean =>
  runs.some((state) => state.run === run && state.adapter !== null);
