/** `pilots.jsonl`: what was asked for on its first line, then a pilot a line as each ends. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { PilotRecord } from '../src/advice/pilot-record.ts';
import { StudioError } from '../src/errors.ts';
import { readSpec, type SpecInput } from '../src/runs/spec.ts';
import { say } from '../src/sentence.ts';
import { writing } from './whole-file.ts';

export const PILOTS_NAME = 'pilots.jsonl';

export interface Asked {
  spec: SpecInput;
  base: string;
  methods: string[] | null;
  minutes: number;
  /** Keys of the candidates that the first round began with. */
  candidates: string[];
}

const asked = z.object({
  spec: z.unknown(),
  base: z.string(),
  methods: z.array(z.string()).nullable(),
  minutes: z.number(),
  candidates: z.array(z.string()),
});
const head = z.object({ format: z.literal(1), asked });
const pilot = z.object({
  key: z.string(),
  method: z.string(),
  learningRate: z.number().nullable(),
  round: z.number(),
  steps: z.number(),
  score: z.number().nullable(),
  metrics: z.record(z.string(), z.number()).nullable(),
  // Those of older files have neither.
  answers: z.array(z.number()).nullable().optional(),
  interval: z.tuple([z.number(), z.number()]).nullable().optional(),
  seconds: z.number(),
  bytes: z.number(),
});

export function headLine(one: Asked): string {
  return `${JSON.stringify({ format: 1, asked: one })}\n`;
}

export function appendPilot(folder: string, one: PilotRecord): void {
  const file = path.join(folder, PILOTS_NAME);
  writing(file, () => appendFileSync(file, `${JSON.stringify(one)}\n`));
}

/** @throws StudioError('storage') where there is none, or its first line does not read */
export function readPilots(folder: string): { asked: Asked; pilots: PilotRecord[] } {
  const file = path.join(folder, PILOTS_NAME);
  if (!existsSync(file))
    throw new StudioError(
      'storage',
      say`there are no pilots in ${folder} to go on with; start with --spec and --out ${folder}`,
      { where: 'resume' },
    );
  const [first, ...lines] = readFileSync(file, 'utf8').split('\n');
  const read = head.safeParse(parsed(first));
  if (!read.success)
    throw new StudioError(
      'storage',
      say`${file} is damaged, so its pilots cannot go on; start again with --spec and another --out`,
      { where: 'resume' },
    );
  // A line that was cut off is a pilot that did not end.
  const pilots = lines.flatMap((line) => pilot.safeParse(parsed(line)).data ?? []);
  return { asked: { ...read.data.asked, spec: readSpec(read.data.asked.spec) }, pilots };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
