/** The kernels of the processor as the page's build carries them. */
import type { KernelSource } from '../cpu/choose.ts';
import type { KernelManifest } from '../cpu/kernels.ts';

const ADDRESSES = import.meta.glob<string>('/kernels/dist/*.{wasm,json}', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

async function fetched(name: string): Promise<Response> {
  const response = await fetch(new URL(ADDRESSES[`/kernels/dist/${name}`], import.meta.url));
  if (!response.ok) throw new Error(`internal: ${response.url} answers with ${response.status}`);
  return response;
}

export const pageKernels: KernelSource = {
  manifest: async () => (await fetched('kernels.json')).json() as Promise<KernelManifest>,
  code: async (build) => (await fetched(`${build}.wasm`)).arrayBuffer(),
};
