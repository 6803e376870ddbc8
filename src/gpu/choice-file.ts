/** What tuners found, by adapter, as one small JSON file. It is a cache: what cannot be read is measured again. */
import { z } from 'zod';
import type { ChoiceStore } from './tuner.ts';

const schema = z.object({
  /** Of the variants' names. */
  version: z.literal(1),
  adapters: z.record(z.string(), z.record(z.string(), z.string())),
  /** By adapter, what is not to be trusted there. */
  wrong: z.record(z.string(), z.array(z.string())).default({}),
});

/**
 * @param read the file's text, null where there is none
 * @param write puts another in its place
 */
export function choiceFile(
  read: () => Promise<string | null>,
  write: (text: string) => Promise<void>,
): ChoiceStore {
  const found = async (): Promise<z.output<typeof schema>> => {
    try {
      return schema.parse(JSON.parse((await read()) ?? ''));
    } catch {
      return { version: 1, adapters: {}, wrong: {} };
    }
  };
  return {
    load: async (adapter) => {
      const { adapters, wrong } = await found();
      return adapter in adapters ? { choices: adapters[adapter], wrong: wrong[adapter] ?? [] } : null;
    },
    save: async (adapter, { choices, wrong }) => {
      const all = await found();
      all.adapters[adapter] = { ...choices };
      if (wrong.length > 0) all.wrong[adapter] = [...wrong];
      try {
        await write(`${JSON.stringify(all, null, 2)}\n`);
      } catch {
        // Without a place for it, it is measured again next time.
      }
    },
  };
}
