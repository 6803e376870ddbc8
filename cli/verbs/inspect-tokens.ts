/** `delta inspect MODEL --sentence TEXT` and `--lines FILE`: the token ids the model would read. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { withTokenFiles } from '../../src/data/tokenizer/config-tokens.ts';
import { tokenizerFromFiles } from '../../src/data/tokenizer/from-files.ts';
import type { Tokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { StudioError } from '../../src/errors.ts';
import type { ModelFiles } from '../../src/models/files.ts';
import { say } from '../../src/sentence.ts';

export interface TokensFound {
  /** Ids of `--sentence`, special tokens included. */
  ids?: number[];
  /** The token behind each. */
  tokens?: string[];
  /** Ids of every line of `--lines`. */
  lines?: (readonly number[])[];
}

/** A tokenizer alone has token ids too. */
export async function holdsModel(files: ModelFiles): Promise<boolean> {
  if (files.model !== undefined) return files.model.endsWith('.onnx');
  return (await files.list()).some((name) => name.endsWith('.onnx'));
}

/** The tokenizer of a folder that holds no model. @throws StudioError('tokenizer') */
export async function tokenizerIn(files: ModelFiles, source: string): Promise<Tokenizer> {
  const text = async (name: string) => {
    const bytes = await files.read(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  return tokenizerFromFiles(
    {
      tokenizer: await text('tokenizer.json'),
      tokenizerConfig: withTokenFiles(
        await text('tokenizer_config.json'),
        await text('special_tokens_map.json'),
        await text('added_tokens.json'),
      ),
      vocabulary: await text('vocab.txt'),
    },
    source,
  );
}

/** @throws StudioError('data') where there is no file of lines */
export async function tokensOf(
  tokenizer: Tokenizer,
  asked: { sentence?: string; lines?: string },
): Promise<TokensFound> {
  const found: TokensFound = {};
  if (asked.sentence !== undefined) Object.assign(found, tokenizer.spelled(asked.sentence));
  if (asked.lines !== undefined) {
    const sentences = await readLines(asked.lines);
    found.lines = sentences.map((sentence) => tokenizer.encode(sentence).ids);
  }
  return found;
}

/** The lines of a UTF-8 file; only line feeds end one, with or without a carriage return before. */
async function readLines(file: string): Promise<string[]> {
  if (!existsSync(file) || !statSync(file).isFile())
    throw new StudioError('data', say`There is no file ${file}; check --lines.`, { where: '--lines' });
  const text = new TextDecoder('utf-8').decode(await readFile(file));
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** As people read it: ids, then the tokens under them. */
export function describeTokens({ ids, tokens, lines }: TokensFound): string {
  const described: string[] = [];
  if (ids !== undefined) described.push(`ids: ${ids.join(' ')}`, `tokens: ${tokens!.join(' ')}`);
  if (lines !== undefined) described.push('lines:', ...lines.map((line) => `  ${line.join(' ')}`));
  return described.join('\n');
}
