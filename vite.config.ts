import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { kernelsPlugin } from './scripts/kernels-plugin.ts';
import { ISOLATION, policyPlugin } from './scripts/policy.ts';

export default defineConfig({
  // Relative addresses, so that the built page works from any folder of any static host.
  base: './',
  plugins: [react(), kernelsPlugin(), policyPlugin()],
  // What this build comes with: folders of `public/models`, and the cards of `public/data/tasks`.
  define: {
    BUILTIN_MODELS: JSON.stringify(builtinModels()),
    BUILTIN_TASKS: JSON.stringify(builtinTasks()),
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // Chunks that several parts share would else run before what has to come first (protocol/without-eval.ts).
      output: { strictExecutionOrder: true },
    },
  },
  server: { headers: ISOLATION },
  preview: { port: 4173, headers: ISOLATION },
});

/** By family and size: `t5-l3-h64` before `t5-l3-h128`. */
function builtinModels(): string[] {
  const names = readdirSync(new URL('public/models', import.meta.url));
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function builtinTasks(): { name: string; kind: string }[] {
  const folder = new URL('public/data/tasks/', import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((task) => {
      const card = readFileSync(new URL(`${task}/task.json`, folder), 'utf8');
      const { name, kind } = JSON.parse(card) as { name: string; kind: string };
      return { name, kind };
    });
}
