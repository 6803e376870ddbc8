/** Names of models and data sets on a hub: `owner/name`, with `@revision` for a branch, a tag or a commit. */

export interface HubId {
  /** `owner/name` */
  name: string;
  /** `main` unless given. */
  revision: string;
  /** A repository of data; of a model unless given. */
  type?: 'dataset';
}

const ID = /^([\w][\w.-]*\/[\w][\w.-]*)(?:@([\w./-]+))?$/;

/** The hub id that a text is; null for anything else (a path, a built-in model). */
export function parseHubId(text: string): HubId | null {
  const match = ID.exec(text.trim());
  return match === null ? null : { name: match[1], revision: match[2] ?? 'main' };
}

/** Where models are looked for unless something else is set. */
export const HUB_ENDPOINT = 'https://huggingface.co';
