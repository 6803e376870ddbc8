/** Times kernel calls by themselves, outside any plan, on as many threads as there are. */
import type { CallTime, TimingOptions } from '../gpu/time-calls.ts';
import type { Program } from '../graph/program.ts';
import { STEP_BLOCK_BYTES, type KernelCall, type Operand } from '../plan/kernel-call.ts';
import { packCommands } from './commands.ts';
import type { CpuStudio } from './studio.ts';

/** Commands that run in one go, at most. */
const MOST_COMMANDS = 4096;

const idOf = (operand: Operand): string =>
  'step' in operand ? 'step' : 'scratch' in operand ? `scratch ${operand.scratch}` : operand.value;

function bytesOf(operand: Operand, program: Program): number {
  if ('step' in operand) return STEP_BLOCK_BYTES;
  if ('scratch' in operand) return operand.bytes;
  return 4 * program.values.get(operand.value)!.shape.reduce((product, d) => product * d, 1);
}

/** As `timeCalls` of src/gpu/time-calls.ts. @throws StudioError('device') when the memory cannot be had */
export async function timeCalls(
  { space, manifest, queue, runner, watch }: CpuStudio,
  program: Program,
  calls: readonly KernelCall[],
  { repetitions = 5, milliseconds = 60, processorTime = () => NaN }: TimingOptions = {},
): Promise<CallTime> {
  const sizes = new Map<string, number>();
  for (const operand of calls.flatMap(({ operands }) => operands)) {
    const id = idOf(operand);
    sizes.set(id, Math.max(sizes.get(id) ?? 0, bytesOf(operand, program)));
  }
  const blocks: { at: number; bytes: number }[] = [];
  const take = (bytes: number): number => {
    const at = space.allocate(bytes);
    blocks.push({ at, bytes });
    return at;
  };
  const run = async (times: number): Promise<{ wall: number; cpu: number }> => {
    const { words, offsets } = packCommands(
      Array.from({ length: times }, () => calls)
        .flat()
        .map((call) => ({
          ...call,
          bindings: call.operands.map((operand) => ({
            buffer: idOf(operand),
            offset: 0,
            size: 0,
            access: 'read' as const,
          })),
        })),
      manifest,
      ({ buffer }) => places.get(buffer)!,
    );
    const at = space.allocate(words.byteLength);
    new Int32Array(space.memory.buffer, at, words.length).set(words);
    const commands = offsets.slice(0, -1).map((offset) => at + offset);
    const range = { first: at, last: at + words.byteLength, commands, flops: commands.map(() => 0) };
    try {
      return await watch.guard(
        new Promise((resolve, reject) => {
          queue.push(async () => {
            const [start, before] = [performance.now(), processorTime()];
            try {
              await runner.run([range]);
            } catch (error) {
              reject(error);
            }
            const [end, after] = [performance.now(), processorTime()];
            resolve({ wall: (end - start) / times, cpu: (after - before) / times });
          });
        }),
      );
    } finally {
      space.release(at, words.byteLength);
    }
  };
  const places = new Map<string, number>();
  try {
    for (const [id, bytes] of sizes) {
      const at = take(bytes);
      places.set(id, at);
      // Ordinary values: zeros and denormals would time something else.
      const floats = new Float32Array(space.memory.buffer, at, bytes / 4);
      for (let i = 0; i < floats.length; i++) floats[i] = Math.sin((i % 2 ** 14) * 12.9898);
    }
    await run(1);
    const { wall } = await run(1);
    const most = Math.floor(MOST_COMMANDS / calls.length);
    const times = Math.max(1, Math.min(most, Math.ceil(milliseconds / Math.max(wall, 1e-3))));
    const measured = [];
    for (let i = 0; i < repetitions; i++) measured.push(await run(times));
    const walls = measured.map((one) => one.wall).sort((x, y) => x - y);
    return {
      best: walls[0],
      median: walls[Math.floor(walls.length / 2)],
      cpu: Math.min(...measured.map(({ cpu }) => cpu)),
    };
  } finally {
    for (const { at, bytes } of blocks) space.release(at, bytes);
  }
}
