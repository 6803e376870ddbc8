/**
 * The content security policy of the built page, and the headers beside it. The page carries the policy itself
 * (a meta element), so that a copy of `dist/` on any static server keeps it; `npm start` sends it as a header
 * too, with what a meta element cannot say.
 */
import type { Plugin, PreviewServer } from 'vite';

/** The default hub, its mirrors' own names aside: large files are sent on to hosts below these two. */
export const HUB_HOSTS = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/** Isolates the page from other windows, so that what it may measure and share is its own alone. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** @param mirror origin of one more hub, `https://hf-mirror.com` */
export function contentPolicy(mirror?: string): string {
  const connections = ["'self'", ...HUB_HOSTS, ...(mirror === undefined ? [] : [mirror])];
  return [
    "default-src 'self'",
    // Parquet's compression and the CPU back end are WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The engine starts from a blob of one line, by which it has this policy: see src/app/start-worker.ts.
    "worker-src 'self' blob:",
    "img-src 'self' data: blob:",
    `connect-src ${connections.join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** What goes into the head of the page, before anything that it allows. */
function metaElements(mirror?: string): string {
  const named = mirror === undefined ? '' : `<meta name="delta-studio-hub" content="${mirror}" />`;
  return `<meta http-equiv="Content-Security-Policy" content="${contentPolicy(mirror)}" />${named}`;
}

/** Builds the policy into `index.html`. The development server is left without: it works by inline scripts. */
export function policyPlugin(): Plugin {
  return {
    name: 'delta-content-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace(/<meta charset="[^"]*" \/>/, (charset) => charset + metaElements()),
    },
  };
}

/** Serves the built page with the policy as a header, and with one more hub where a mirror is given. */
export function servedPolicyPlugin(readPage: () => string, mirror?: string): Plugin {
  return {
    name: 'delta-served-policy',
    configurePreviewServer: (server: PreviewServer) => {
      const policy = `${contentPolicy(mirror)}; frame-ancestors 'none'`;
      server.middlewares.use((request, response, next) => {
        response.setHeader('Content-Security-Policy', policy);
        response.setHeader('X-Content-Type-Options', 'nosniff');
        response.setHeader('Referrer-Policy', 'no-referrer');
        const { pathname } = new URL(request.url ?? '/', 'http://page');
        if (mirror === undefined || !/^\/(index\.html)?$/.test(pathname)) return next();
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.setHeader('Cache-Control', 'no-cache');
        for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
        response.end(withMirror(readPage(), mirror));
      });
    },
  };
}

/** The built page with the policy of a mirror in place of its own. */
export function withMirror(html: string, mirror: string): string {
  return html.replace(metaElements(), metaElements(mirror));
}

/** The origin of a hub's address. @throws Error with one sentence for anything but http and https */
export function mirrorOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(
      `--hub is ${address}; give the address of a hub or a mirror, such as https://hf-mirror.com.`,
    );
  return url.origin;
}
