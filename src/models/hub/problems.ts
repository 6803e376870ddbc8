/** What went wrong with a hub, in one sentence each. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { HubId } from './hub-id.ts';

interface About {
  id: HubId;
  signal?: AbortSignal;
}

/** The sentence for whatever a request threw. @param url what was asked, or the endpoint */
export function explained(error: unknown, about: About, url: string): StudioError {
  if (error instanceof StudioError) return error;
  if (about.signal?.aborted)
    return new StudioError(
      'storage',
      say`The download of ${about.id.name} was cancelled; what has arrived is kept.`,
      {
        where: 'model.source',
        cause: error,
      },
    );
  return new StudioError(
    'storage',
    say`${new URL(url).host} cannot be reached; check the connection, or set another endpoint (such as https://hf-mirror.com).`,
    { where: 'model.source', cause: error },
  );
}

/** The sentence for an answer that is no success. @param wait milliseconds that it asks to wait */
export function refused(
  status: number,
  { name, revision, type }: HubId,
  url: string,
  wait: number | null = null,
): StudioError {
  const where = { where: 'model.source' };
  const host = new URL(url).host;
  if (status === 404 && type === 'dataset')
    return new StudioError(
      'data',
      say`${host} has no data set ${name} at revision ${revision}; check the spelling of owner and name, or name a revision that holds Parquet files, as in hub:owner/name@main.`,
      where,
    );
  if (status === 404)
    return new StudioError(
      'model',
      say`${host} has no model ${name} at revision ${revision}; check the spelling of owner, name and revision.`,
      where,
    );
  if (status === 401 || status === 403)
    return new StudioError(
      'model',
      say`${host} does not open ${name} to everyone (it is gated or private, or does not exist); download it with your account and choose its folder.`,
      where,
    );
  if (status === 429)
    return new StudioError(
      'storage',
      wait === null
        ? say`${host} has had too many requests and takes none for ${name} now; try again in some minutes.`
        : say`${host} has had too many requests and takes none for ${name} now; try again in ${Math.ceil(wait / 1000)} s.`,
      where,
    );
  return new StudioError(
    'storage',
    wait === null
      ? say`${host} answered ${status} for ${name}; try again later.`
      : say`${host} answered ${status} for ${name}; try again in ${Math.ceil(wait / 1000)} s.`,
    where,
  );
}
