/** Reads off sources what they say: the templates of sentences with their keys and values. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface FoundSentence {
  /** Relative to the folder, forward slashes. */
  file: string;
  line: number;
  key: string;
  values: readonly ts.Expression[];
}

type Sources = Readonly<Record<string, string>>;

function* parsed(folder: string, sources?: Sources): Generator<ts.SourceFile> {
  const files = sources
    ? Object.keys(sources)
    : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
      );
  for (const file of files) {
    const text = sources?.[file] ?? readFileSync(path.join(folder, file), 'utf8');
    yield ts.createSourceFile(file.replaceAll(path.sep, '/'), text, ts.ScriptTarget.Latest, true);
  }
}

function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** Every `say` template of the sources under a folder, or of `sources`. */
export function sentencesIn(folder: string, sources?: Sources): FoundSentence[] {
  const found: FoundSentence[] = [];
  for (const file of parsed(folder, sources))
    for (const node of nodesOf(file)) {
      if (!ts.isTaggedTemplateExpression(node) || node.tag.getText() !== 'say') continue;
      const { template } = node;
      const plain = ts.isNoSubstitutionTemplateLiteral(template);
      const spans = plain ? [] : [...template.templateSpans];
      const pieces = [
        plain ? template.text : template.head.text,
        ...spans.map(({ literal }) => literal.text),
      ];
      const key = pieces
        .map((piece) => piece.replace(/[{}]/g, '$&$&'))
        .reduce((all, piece, i) => `${all}{${i - 1}}${piece}`);
      found.push({
        file: file.fileName,
        line: lineOf(node),
        key,
        values: spans.map(({ expression }) => expression),
      });
    }
  return found;
}

/** Texts written out in a value, or in a constant of its file that it names; not what is passed to a function. */
export function literalsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].filter(
      (one) => one !== '',
    );
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...literalsOf(node.left), ...literalsOf(node.right)];
  if (!ts.isIdentifier(node)) return [];
  return constantsOf(node)
    .flatMap(literalsOf)
    .filter((text) => /\p{L} \p{L}/u.test(text));
}

/** What the constants of a name in its file are set to. */
function constantsOf(name: ts.Identifier): ts.Expression[] {
  return [...nodesOf(name.getSourceFile())].flatMap((node) =>
    ts.isVariableDeclaration(node) &&
    node.name.getText() === name.text &&
    node.initializer &&
    !isNamed(node.initializer)
      ? [node.initializer]
      : [],
  );
}

function isNamed(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || ts.isArrowFunction(node);
}

/** Places where an error or a note is made of a plain text. */
export function errorsOfText(folder: string, sources?: Sources): string[] {
  const found: string[] = [];
  for (const file of parsed(folder, sources))
    for (const node of nodesOf(file)) {
      const given = ts.isNewExpression(node)
        ? node.expression.getText() === 'StudioError' && node.arguments?.[1]
        : ts.isCallExpression(node) && node.expression.getText() === 'notes.push' && node.arguments.at(0);
      if (given && (ts.isStringLiteralLike(given) || ts.isTemplateExpression(given)))
        found.push(`${file.fileName}:${lineOf(node)}: ${given.getText()}`);
    }
  return found;
}
