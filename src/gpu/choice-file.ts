/** What tuners found, by adapter, as one small JSON file. It is a cache: what cannot be read is measured again. */
import { z } from 'zod';
import type { ChoiceStore } from './tuner.ts';

const schema = z.object({
  /** Of the variants' names. */
  version: z.literal(1),
  adapters: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * @param read the file's text, null where there is none
 * @param write puts another in its place
 */
export function choiceFile(
  read: () => Promise<string | null>,
  write: (text: string) => Promise<void>,
): ChoiceStore {
  const adapters = async (): Promise<z.output<typeof schema>['adapters']> => {
    try {
      return schema.parse(JSON.parse((await read()) ?? '')).adapters;
    } catch {
      return {};
    }
  };
  return {
    load: async (adapter) => (await adapters())[adapter] ?? null,
    save: async (adapter, choices) => {
      const all = { ...(await adapters()), [adapter]: { ...choices } };
      try {
        await write(`${JSON.stringify({ version: 1, adapters: all }, null, 2)}\n`);
      } catch {
        // Without a place for it, it is measured again next time.
      }
    },
  };
}
