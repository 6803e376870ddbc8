/** Reads off sources what they say: the templates of sentences with their keys and values. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Expression, type Node, type TemplateLiteral, parseSync, visitorKeys } from 'oxc-parser';

/** A value of a sentence, with the file it stands in: constants are looked up there. */
export interface FoundValue {
  expression: Expression;
  source: Source;
}

export interface FoundSentence {
  /** Relative to the folder, forward slashes. */
  file: string;
  line: number;
  key: string;
  values: readonly FoundValue[];
}

interface Source {
  file: string;
  text: string;
  /** All nodes of the file, a node before what it holds. */
  nodes: readonly Node[];
}

type Sources = Readonly<Record<string, string>>;

/** The sources that have one of the words of `mention`: only those are worth parsing. */
function* parsed(mention: RegExp, folder: string, sources?: Sources): Generator<Source> {
  const files = sources
    ? Object.keys(sources)
    : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file),
      );
  for (const file of files) {
    const text = sources?.[file] ?? readFileSync(path.join(folder, file), 'utf8');
    if (!mention.test(text)) continue;
    const { program, errors } = parseSync(file, text);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
    yield { file: file.replaceAll(path.sep, '/'), text, nodes: [...nodesOf(program)] };
  }
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const held = node as unknown as Record<string, Node | null | readonly (Node | null)[] | undefined>;
  for (const key of visitorKeys[node.type])
    for (const child of [held[key]].flat()) if (child) yield* nodesOf(child);
}

function lineOf({ text }: Source, node: Node): number {
  return text.slice(0, node.start).split('\n').length;
}

function textOf({ text }: Source, node: Node): string {
  return text.slice(node.start, node.end);
}

function piecesOf(template: TemplateLiteral): string[] {
  return template.quasis.map(({ value }) => value.cooked ?? value.raw);
}

/** Every `say` template of the sources under a folder, or of `sources`. */
export function sentencesIn(folder: string, sources?: Sources): FoundSentence[] {
  const found: FoundSentence[] = [];
  for (const source of parsed(/\bsay`/, folder, sources))
    for (const node of source.nodes) {
      if (node.type !== 'TaggedTemplateExpression' || textOf(source, node.tag) !== 'say') continue;
      const key = piecesOf(node.quasi)
        .map((piece) => piece.replace(/[{}]/g, '$&$&'))
        .reduce((all, piece, i) => `${all}{${i - 1}}${piece}`);
      found.push({
        file: source.file,
        line: lineOf(source, node),
        key,
        values: node.quasi.expressions.map((expression) => ({ expression, source })),
      });
    }
  return found;
}

/** Texts written out in a value, or in a constant of its file that it names; not what is passed to a function. */
export function literalsOf({ expression, source }: FoundValue): string[] {
  const within = (...parts: Expression[]): string[] =>
    parts.flatMap((part) => literalsOf({ expression: part, source }));
  switch (expression.type) {
    case 'Literal':
      return typeof expression.value === 'string' ? [expression.value] : [];
    case 'TemplateLiteral':
      return piecesOf(expression).filter((one) => one !== '');
    case 'ParenthesizedExpression':
      return within(expression.expression);
    case 'ConditionalExpression':
      return within(expression.consequent, expression.alternate);
    case 'LogicalExpression':
      return within(expression.left, expression.right);
    case 'BinaryExpression':
      return expression.left.type === 'PrivateIdentifier' ? [] : within(expression.left, expression.right);
    case 'AssignmentExpression':
      return within(expression.right);
    case 'SequenceExpression':
      return within(...expression.expressions);
    case 'Identifier':
      return within(...constantsOf(expression.name, source)).filter((text) => /\p{L} \p{L}/u.test(text));
    default:
      return [];
  }
}

/** What the constants of a name in a file are set to. */
function constantsOf(name: string, { nodes }: Source): Expression[] {
  return nodes.flatMap((node) =>
    node.type === 'VariableDeclarator' &&
    node.id.type === 'Identifier' &&
    node.id.name === name &&
    node.init &&
    node.init.type !== 'Identifier' &&
    node.init.type !== 'ArrowFunctionExpression'
      ? [node.init]
      : [],
  );
}

/** Places where an error or a note is made of a plain text. */
export function errorsOfText(folder: string, sources?: Sources): string[] {
  const found: string[] = [];
  for (const source of parsed(/\bnew StudioError\b|\bnotes\.push\b/, folder, sources))
    for (const node of source.nodes) {
      if (node.type !== 'NewExpression' && node.type !== 'CallExpression') continue;
      const called = textOf(source, node.callee);
      const wanted =
        node.type === 'NewExpression' ? called === 'StudioError' && 1 : called === 'notes.push' && 0;
      const given = wanted === false ? undefined : node.arguments.at(wanted);
      if (given && (given.type === 'TemplateLiteral' || isText(given)))
        found.push(`${source.file}:${lineOf(source, node)}: ${textOf(source, given)}`);
    }
  return found;
}

function isText(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string';
}
