/** What a repository holds at a revision, asked of the hub or, offline, of what was kept. */
import { parseJson } from '../../json.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { PARTIAL, readKeptListing, readModelInfo, readTree, withoutRepeats } from './answer.ts';
import { beginsAsPage, isPageAnswer, pageInstead, type Connection } from './connection.ts';
import type { HubId } from './hub-id.ts';
import { keptNames } from './kept-names.ts';
import { openPatiently, retryAfter } from './patience.ts';
import type { HubFile, HubListing, HubPlace } from './place.ts';
import { explained, refused } from './problems.ts';

/** Bytes of one answer of the API, and answers of one listing: far more than any repository of models needs. */
const LARGEST_ANSWER = 32 * 1024 * 1024;
const MOST_PAGES = 50;

/**
 * @returns the listing, and whether it is an earlier one because the hub could not be reached
 * @throws StudioError('model') for what is not there or not open, and for an answer that is not to be trusted;
 *   ('storage') when the hub cannot be reached
 */
export async function listRepository(place: HubPlace): Promise<{ listing: HubListing; offline: boolean }> {
  const { id, endpoint, store } = place;
  const kept = `${folderOf(id)}/refs/${id.revision.replaceAll('/', '%2F')}.json`;
  let listing: HubListing;
  try {
    listing = await ask(place);
  } catch (error) {
    const problem = explained(error, place, endpoint);
    if (problem.code !== 'storage' || place.signal?.aborted) throw problem;
    const known = readKeptListing(new TextDecoder().decode(await store.read(kept)));
    if (known === null) throw problem;
    return { listing: withKeptNames(known), offline: true };
  }
  await store.remove(kept + PARTIAL);
  await store.append(kept + PARTIAL, new TextEncoder().encode(JSON.stringify(listing)));
  await store.move(kept + PARTIAL, kept);
  return { listing: withKeptNames(listing), offline: false };
}

function withKeptNames({ commit, files }: HubListing): HubListing {
  const names = keptNames(files.map(({ path }) => path));
  return {
    commit,
    files: files.map((file) => {
      const kept = names.get(file.path)!;
      return kept === file.path ? file : { ...file, kept };
    }),
  };
}

/** Folder of a repository in the store. */
export function folderOf({ name, type }: HubId): string {
  return `${type === 'dataset' ? 'hub-data' : 'hub'}/${name.replace('/', '--')}`;
}

/** Asks by the hub's own library, which knows its addresses; what it is answered is checked on the way. */
async function ask(place: HubPlace): Promise<HubListing> {
  const { id, endpoint } = place;
  const { datasetInfo, modelInfo, listFiles } = await import('@huggingface/hub');
  const type = id.type ?? ('model' as const);
  const asked = { host: new URL(endpoint).host, name: id.name };
  let commit = '';
  const info = {
    hubUrl: endpoint,
    fetch: checkedFetch(place, (json) => (commit = readModelInfo(json, asked))),
    name: id.name,
    revision: id.revision,
  };
  if (type === 'dataset') await datasetInfo({ ...info, additionalFields: ['sha'] });
  else await modelInfo({ ...info, additionalFields: ['sha'] });
  const files: HubFile[] = [];
  let pages = 0;
  const pageFetch = checkedFetch(place, (json) => {
    if (++pages > MOST_PAGES) throw tooMuch(asked.host, id);
    for (const file of readTree(json, asked)) files.push(file);
  });
  const repo = { type, name: id.name };
  const entries = listFiles({ hubUrl: endpoint, fetch: pageFetch, repo, revision: commit, recursive: true });
  while (!(await entries.next()).done);
  return { commit, files: withoutRepeats(files, asked) };
}

/** A `fetch` for JSON of the endpoint alone, of a bounded size, seen by `check` before anybody else. */
function checkedFetch(place: HubPlace, check: (json: unknown) => void): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(`${place.endpoint}/`))
      throw new StudioError(
        'model',
        say`${new URL(place.endpoint).host} sent the listing of ${place.id.name} on to another address; set an endpoint that speaks the hub's API.`,
        { where: 'model.source' },
      );
    const connection = await openPatiently(place, url, init);
    const { response } = connection;
    if (!response.ok) {
      connection.close();
      throw refused(response.status, place.id, url, retryAfter(response.headers));
    }
    const text = await wholeText(connection, () => tooMuch(new URL(url).host, place.id));
    if (isPageAnswer(response) || beginsAsPage(new TextEncoder().encode(text.slice(0, 512))))
      throw pageInstead(say`the files of ${place.id.name}`, url);
    check(parsed(text, url));
    const headers = new Headers();
    const next = nextPage(response, place.endpoint);
    if (next !== null) headers.set('Link', `<${next}>; rel="next"`);
    return new Response(text === '' ? null : text, { status: response.status, headers });
  };
}

/**
 * Address of the listing's next part on the endpoint that was asked, as RFC 8288 writes it: it may be relative, and a
 * mirror may hand on the address of the hub behind it. Null where this is the last.
 */
function nextPage(response: Response, endpoint: string): string | null {
  const links = (response.headers.get('link') ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[^,;<]+)*)/g);
  for (const [, target, parameters] of links) {
    if (!/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:;|$)/i.test(parameters)) continue;
    if (!URL.canParse(target, response.url)) continue;
    const { href } = new URL(target, response.url);
    const path = href.slice(Math.max(0, href.indexOf('/api/')));
    return href.startsWith(`${endpoint}/`) || !path.startsWith('/api/') ? href : endpoint + path;
  }
  return null;
}

async function wholeText(connection: Connection, tooLarge: () => StudioError): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const part of connection.parts()) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw tooLarge();
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parsed(text: string, url: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new StudioError(
      'storage',
      say`${new URL(url).host} answered with something that is no JSON; set an endpoint that speaks the hub's API.`,
      { where: 'model.source', cause },
    );
  }
}

function tooMuch(host: string, { name }: HubId): StudioError {
  return new StudioError(
    'model',
    say`${host} lists more files of ${name} than any model has; set an endpoint that speaks the hub's API.`,
    { where: 'model.source' },
  );
}
