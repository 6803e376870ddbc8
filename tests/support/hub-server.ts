/** A small hub: the paths of the real one that we use, over files in memory, with faults on request. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';

export interface HubRepository {
  commit: string;
  /** A revision that it has beside `main`. */
  revision?: string;
  files: Record<string, Uint8Array>;
  gated?: boolean;
}

export type HubFault =
  /** HTML in its place, said to be. */
  | 'page'
  /** HTML said to be bytes. */
  | 'disguisedPage'
  /** Never ends. */
  | 'endless'
  /** One byte is another. */
  | 'damaged'
  /** A range that begins elsewhere. */
  | 'shifted'
  /** Goes silent after so many bytes. */
  | { stalled: number }
  | { listing: 'page' };

const PAGE = '<!DOCTYPE html><html><body>Sign in to the network</body></html>';

export class HubServer {
  /** By `owner/name`; data sets by `datasets/owner/name`. */
  readonly repositories = new Map<string, HubRepository>();
  /** Requests for content, as `path range`. */
  readonly requests: string[] = [];
  /** Breaks the connection of the next downloads off after so many bytes; smaller files pass meanwhile. */
  breakAfter: number[] = [];
  ranges = true;
  /** What the hub answers in place of the truth: as a commit, and as its list of files. */
  lies: { sha?: unknown; tree?: unknown } = {};
  /** What becomes of the next requests for content; then all is well again. */
  faults: HubFault[] = [];
  /** Answers to the next requests of any kind, in place of what they ask for. */
  answers: { status: number; headers?: Record<string, string> }[] = [];
  /** Packs every body in this coding; lengths are then those of what is sent. */
  coding: 'gzip' | 'deflate' | null = null;
  /** Files in each part of a listing, and how its next part is named. */
  paging: { size: number; link: (address: string) => string } | null = null;
  /** How often a request for content is sent on to another address before it is answered. */
  hops = 0;
  /** Sends large files in pieces, with so many milliseconds between them. */
  pace = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /**
   * Listens; where another hub has the port, such as that of a test beside this one, when that has closed.
   * @param port 0 for any
   * @returns its address
   */
  async open(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') setTimeout(() => this.#server.listen(port, '127.0.0.1'), 200);
        else reject(error);
      });
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Expose-Headers', '*, Link, Retry-After');
    if (request.method === 'OPTIONS') return void response.end();
    const answer = this.answers.shift();
    if (answer !== undefined) return void response.writeHead(answer.status, answer.headers).end();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
    const api =
      /^\/api\/(?:models\/|(?=datasets\/))((?:datasets\/)?[^/]+\/[^/]+)\/(revision|tree)\/([^/]+)$/.exec(
        pathname,
      );
    const content = /^\/((?:datasets\/)?[^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    const hop = Number(searchParams.get('hop') ?? 0);
    if (content && hop < this.hops)
      return void response.writeHead(302, { Location: `${pathname}?hop=${hop + 1}` }).end();
    const repository = this.repositories.get((api ?? content)?.[1] ?? '');
    if (!repository) return json(response, 404, { error: 'Repository not found' });
    if (repository.gated) return json(response, 401, { error: 'Access to this model is restricted' });
    if (this.faults.some((fault) => typeof fault === 'object' && 'listing' in fault)) return page(response);
    const revision = decodeURIComponent((api?.[3] ?? content?.[2])!);
    if (!['main', 'refs/pr/1', repository.revision, repository.commit].includes(revision))
      return json(response, 404, { error: 'Invalid rev id' });
    if (api?.[2] === 'revision')
      return json(response, 200, {
        _id: '1',
        id: api[1],
        sha: 'sha' in this.lies ? this.lies.sha : repository.commit,
        private: false,
        gated: false,
      });
    if (api && 'tree' in this.lies) return json(response, 200, this.lies.tree);
    if (api) return this.#list(request, response, Object.entries(repository.files).map(entryOf));
    this.#send(request, response, decodeURIComponent(content![3]), repository);
  }

  #list(request: IncomingMessage, response: ServerResponse, entries: object[]): void {
    if (this.paging === null) return json(response, 200, entries);
    const address = new URL(request.url!, `http://${request.headers.host}`);
    const from = Number(address.searchParams.get('cursor') ?? 0);
    const to = from + this.paging.size;
    address.searchParams.set('cursor', String(to));
    if (to < entries.length) response.setHeader('Link', this.paging.link(address.href));
    json(response, 200, entries.slice(from, to));
  }

  #send(request: IncomingMessage, response: ServerResponse, name: string, { files }: HubRepository): void {
    const file = Object.hasOwn(files, name) ? files[name] : undefined;
    if (!file) return json(response, 404, { error: 'Entry not found' });
    const range = this.ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
    this.requests.push(`${name} ${request.headers.range ?? ''}`.trim());
    const from = range ? Number(range[1]) : 0;
    const fault = this.faults.shift();
    if (fault === 'page') return page(response);
    const bytes = served(file.subarray(from), fault);
    if (fault === 'endless') return endless(response);
    if (range && from >= file.length)
      return void response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
    if (this.coding !== null && fault === undefined)
      return this.#packed(response, file, from, range !== null);
    if (range && fault === 'shifted')
      response.setHeader('Content-Range', `bytes 0-${file.length - 1}/${file.length}`);
    else if (range) response.setHeader('Content-Range', `bytes ${from}-${file.length - 1}/${file.length}`);
    response.writeHead(range ? 206 : 200, { 'Content-Length': bytes.length });
    if (typeof fault === 'object' && 'stalled' in fault)
      return void response.write(bytes.subarray(0, fault.stalled));
    const upTo = bytes.length > (this.breakAfter.at(0) ?? Infinity) ? this.breakAfter.shift() : undefined;
    if (upTo === undefined) return this.#pour(response, bytes);
    response.write(bytes.subarray(0, upTo), () => setTimeout(() => response.socket?.destroySoon(), 20));
  }

  /** As servers do that pack on the way: a range is one of the packed bytes. */
  #packed(response: ServerResponse, file: Uint8Array, from: number, ranged: boolean): void {
    const packed = this.coding === 'gzip' ? gzipSync(file) : deflateSync(file);
    const bytes = packed.subarray(from);
    if (ranged) response.setHeader('Content-Range', `bytes ${from}-${packed.length - 1}/${packed.length}`);
    response.writeHead(ranged ? 206 : 200, {
      'Content-Encoding': this.coding!,
      'Content-Length': bytes.length,
    });
    response.end(bytes);
  }

  #pour(response: ServerResponse, bytes: Uint8Array): void {
    const piece = this.pace === 0 ? bytes.length : 1 << 19;
    response.write(bytes.subarray(0, piece));
    if (bytes.length <= piece) response.end();
    else setTimeout(() => this.#pour(response, bytes.subarray(piece)), this.pace);
  }
}

/** Ids as the real hub's: SHA-256 of large files, git's blob id of the others. */
export function entryOf([path, bytes]: [string, Uint8Array]) {
  const digest = (kind: string, ...parts: (string | Uint8Array)[]): string =>
    parts.reduce((hash, part) => hash.update(part), createHash(kind)).digest('hex');
  const large = /\.(onnx|parquet)$/.test(path);
  const lfs = large ? { lfs: { oid: digest('sha256', bytes), size: bytes.length, pointerSize: 134 } } : {};
  const oid = large ? '0'.repeat(40) : digest('sha1', `blob ${bytes.length}\0`, bytes);
  return { type: 'file', path, size: bytes.length, oid, ...lfs };
}

function served(bytes: Uint8Array, fault: HubFault | undefined): Uint8Array {
  if (fault === 'disguisedPage') return Buffer.from(PAGE.padEnd(bytes.length)).subarray(0, bytes.length);
  if (fault !== 'damaged') return bytes;
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] ^= 1;
  return copy;
}

function endless(response: ServerResponse): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(Buffer.alloc(1 << 18)), 2);
  response.on('close', () => clearInterval(timer));
}

function page(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/html' });
  response.end(PAGE);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
