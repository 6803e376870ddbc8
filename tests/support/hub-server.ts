/** A small hub: the paths of the real one that we use, over files in memory, with faults on request. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubRepository {
  commit: string;
  files: Record<string, Uint8Array>;
  gated?: boolean;
}

export class HubServer {
  readonly repositories = new Map<string, HubRepository>();
  /** Requests for content, as `path range`. */
  readonly requests: string[] = [];
  /** Breaks the connection of the next downloads off after so many bytes; smaller files pass meanwhile. */
  breakAfter: number[] = [];
  ranges = true;
  /** Sends large files in pieces, with so many milliseconds between them. */
  pace = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    if (request.method === 'OPTIONS') return void response.end();
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    const api = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(pathname);
    const content = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    const repository = this.repositories.get((api ?? content)?.[1] ?? '');
    if (!repository) return json(response, 404, { error: 'Repository not found' });
    if (repository.gated) return json(response, 401, { error: 'Access to this model is restricted' });
    const revision = decodeURIComponent((api?.[3] ?? content?.[2])!);
    if (!['main', repository.commit].includes(revision))
      return json(response, 404, { error: 'Invalid rev id' });
    if (api?.[2] === 'revision')
      return json(response, 200, {
        _id: '1',
        id: api[1],
        sha: repository.commit,
        private: false,
        gated: false,
      });
    if (api) return json(response, 200, Object.entries(repository.files).map(entryOf));
    this.#send(request, response, decodeURIComponent(content![3]), repository);
  }

  #send(request: IncomingMessage, response: ServerResponse, name: string, { files }: HubRepository): void {
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!file) return json(response, 404, { error: 'Entry not found' });
    const range = this.ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
    this.requests.push(`${name} ${request.headers.range ?? ''}`.trim());
    const bytes = file.subarray(range ? Number(range[1]) : 0);
    response.writeHead(range ? 206 : 200, { 'Content-Length': bytes.length });
    const upTo = bytes.length > (this.breakAfter.at(0) ?? Infinity) ? this.breakAfter.shift() : undefined;
    if (upTo === undefined) return this.#pour(response, bytes);
    response.write(bytes.subarray(0, upTo), () => setTimeout(() => response.destroy(), 20));
  }

  #pour(response: ServerResponse, bytes: Uint8Array): void {
    const piece = this.pace === 0 ? bytes.length : 1 << 19;
    response.write(bytes.subarray(0, piece));
    if (bytes.length <= piece) response.end();
    else setTimeout(() => this.#pour(response, bytes.subarray(piece)), this.pace);
  }
}

function entryOf([path, bytes]: [string, Uint8Array]) {
  const lfs = path.endsWith('.onnx')
    ? { lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, pointerSize: 134 } }
    : {};
  return { type: 'file', path, size: bytes.length, oid: '0', ...lfs };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
