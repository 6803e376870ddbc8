/** What a run of the command line leaves in its folder. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../src/train/events.ts';
import { folderText } from './folder-text.ts';

/** Events without what differs from time to time. */
export function eventsIn(folder: string): RunEvent[] {
  const lines = readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'start') return { ...event, time: '' };
    if (event.type === 'step') return { ...event, milliseconds: 0 };
    return event.type === 'end' ? { ...event, seconds: 0 } : event;
  });
}

/** What two runs must agree in. */
export const leftInFolder = (folder: string) => ({
  events: eventsIn(folder),
  adapter: folderText(path.join(folder, 'adapter')),
  files: readdirSync(folder).sort(),
});
