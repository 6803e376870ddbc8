/** The worker: the engine of the page, so that training never blocks what the person sees. */
import '../protocol/without-eval.ts';
import { choiceFile } from '../gpu/choice-file.ts';
import { openBrowserStore } from '../runs/storage/open-store.ts';
import { PrivateFiles } from '../runs/storage/files.ts';
import { CellStore } from '../study/storage/cell-store.ts';
import { shadersFromModules } from '../gpu/shaders.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import { openPageDevice } from './device.ts';
import { Engine } from './engine.ts';
import { pageKernels } from './kernels.ts';
import { PolicyWatch } from './policy.ts';
import reader from './reader.ts?worker&url';
import type { ReaderPort } from './reading/messages.ts';
import { startWebThread } from './start-thread.ts';
import { startUnderPolicy } from './under-policy.ts';

const modules = import.meta.glob<string>('/shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** What was measured of this computer's GPUs. */
const CHOICES = 'kernels.json';
const decode = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);

const policy = new PolicyWatch((reply) => postMessage(reply));
addEventListener('securitypolicyviolation', (event) => policy.hear(event));
const engine = new Engine({
  policy,
  openDevice: (wish) =>
    openPageDevice(
      {
        gpu: (navigator as Partial<Pick<Navigator, 'gpu'>>).gpu,
        secure: isSecureContext,
        isolated: crossOriginIsolated,
        cores: navigator.hardwareConcurrency,
        shaders: shadersFromModules(modules),
        kernels: pageKernels,
        startThread: startWebThread,
        choices: choiceFile(
          async () => decode(await (await PrivateFiles.open()).read(CHOICES)),
          async (text) => (await PrivateFiles.open()).write(CHOICES, new TextEncoder().encode(text)),
        ),
      },
      wish,
    ),
  runtime: navigator.userAgent,
  post: (reply: Reply) => postMessage(reply),
  openStore: openBrowserStore,
  openCells: async () => CellStore.open(await PrivateFiles.open()),
  startReader: () => startUnderPolicy(new URL(reader, import.meta.url).href) as ReaderPort,
  locks: (navigator as Partial<Pick<Navigator, 'locks'>>).locks,
});

onmessage = ({ data }: MessageEvent<Request>) => {
  void engine.receive(data);
};
