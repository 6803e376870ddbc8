/** The worker: the engine of the page, so that training never blocks what the person sees. */
import { openBrowserStore } from '../runs/storage/open-store.ts';
import { shadersFromModules } from '../gpu/shaders.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import { Engine } from './engine.ts';

const modules = import.meta.glob<string>('/shaders/**/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const engine = new Engine({
  gpu: (navigator as Partial<Pick<Navigator, 'gpu'>>).gpu,
  shaders: shadersFromModules(modules),
  runtime: navigator.userAgent,
  post: (reply: Reply) => postMessage(reply),
  openStore: openBrowserStore,
  locks: (navigator as Partial<Pick<Navigator, 'locks'>>).locks,
});

onmessage = ({ data }: MessageEvent<Request>) => {
  void engine.receive(data);
};
