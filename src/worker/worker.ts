/** The worker: the engine of the page, so that training never blocks what the person sees. */
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
});

onmessage = ({ data }: MessageEvent<Request>) => {
  void engine.receive(data);
};
