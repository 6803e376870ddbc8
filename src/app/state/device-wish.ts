/** What the engine is asked to run on: the page's address first, then what the person has set. */
import type { DeviceWish } from '../../protocol/device.ts';
import type { Preferences } from './preferences.ts';

/** @param search of the page's address: `?adapter=swiftshader&threads=4`, and `&tune=full` */
export function deviceWish(
  search: string,
  { adapter, threads }: Pick<Preferences, 'adapter' | 'threads'>,
): DeviceWish {
  const asked = new URLSearchParams(search);
  return {
    adapter: asked.get('adapter') ?? (adapter === 'auto' ? undefined : adapter),
    threads: asked.get('threads') ?? (threads === '' ? undefined : threads),
    ...(asked.has('tune') && { tune: asked.get('tune')! }),
  };
}
