/**
 * Reads off the engine's sources what it can say: every way in which the expression of a sentence can come out,
 * with a sample for each value. Helpers that put a sentence together are followed to where they are called, so
 * that sentences are read whole.
 */
import ts from 'typescript';
import {
  callable,
  declaredIn,
  isConstant,
  resultsOf,
  valuesOf,
  visitAll,
  type Callable,
  type Meaning,
} from './engine-syntax.ts';

/** Stands for a value that is known at run time only. */
const SAMPLE = '7';
/** Ways of one expression that are looked at, and expressions within one another that are followed. */
const MOST_WAYS = 5000;
const DEEPEST = 24;

/** The call by which each function is thought to have been entered. */
type Calls = ReadonlyMap<ts.Node, ts.CallExpression>;
interface Way {
  text: string;
  calls: Calls;
}

export class EngineSources {
  readonly files: ReadonlyMap<string, ts.SourceFile>;
  /** Samples that no expression asked for. */
  readonly unused: Set<string>;
  /** By the function that is called, or by name where that is not known. */
  readonly #calls = new Map<Callable | string, ts.CallExpression[]>();
  readonly #samples: Readonly<Record<string, string>>;

  /**
   * @param sources text by path, with forward slashes
   * @param samples what stands for the value of an expression, by `path expression`
   */
  constructor(sources: ReadonlyMap<string, string>, samples: Readonly<Record<string, string>> = {}) {
    this.#samples = samples;
    this.unused = new Set(Object.keys(samples));
    this.files = new Map(
      [...sources].map(([file, text]) => [
        file,
        ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true),
      ]),
    );
    for (const file of this.files.values())
      visitAll(file, (node) => {
        if (!ts.isCallExpression(node)) return;
        const { expression } = node;
        const called = ts.isIdentifier(expression) && callable(this.#meaningOf(expression));
        const key = called || (ts.isPropertyAccessExpression(expression) ? expression.name.text : '');
        this.#calls.set(key, [...(this.#calls.get(key) ?? []), node]);
      });
  }

  /** Texts that an expression can come to. */
  read(node: ts.Expression): Set<string> {
    const texts = new Set<string>();
    for (const { text } of this.#read(node, new Map(), 0)) {
      texts.add(text);
      if (texts.size >= MOST_WAYS) break;
    }
    return texts;
  }

  *#read(node: ts.Expression, calls: Calls, depth: number): Generator<Way> {
    const sample = { text: SAMPLE, calls };
    const place = `${node.getSourceFile().fileName} ${node.getText()}`;
    if (Object.hasOwn(this.#samples, place)) {
      this.unused.delete(place);
      yield { text: this.#samples[place], calls };
    } else if (depth > DEEPEST) yield sample;
    else if (ts.isStringLiteralLike(node)) yield { text: node.text, calls };
    else if (ts.isTaggedTemplateExpression(node)) yield* this.#read(node.template, calls, depth);
    else if (ts.isCallExpression(node) && node.expression.getText() === 'english')
      yield* this.#read(node.arguments[0], calls, depth + 1);
    else if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.flatMap(({ expression, literal }) => [expression, literal.text]);
      yield* this.#joined([node.head.text, ...parts], calls, depth);
    } else if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.PlusToken) yield* this.#joined([node.left, node.right], calls, depth);
      else if (operator === ts.SyntaxKind.QuestionQuestionToken)
        // An empty text in place of a missing value makes no other sentence.
        for (const side of node.right.getText() === "''" ? [node.left] : [node.left, node.right])
          yield* this.#read(side, calls, depth + 1);
      else yield sample;
    } else if (ts.isConditionalExpression(node))
      for (const side of [node.whenTrue, node.whenFalse]) yield* this.#read(side, calls, depth + 1);
    else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      yield* this.#read(node.expression, calls, depth + 1);
    else if (ts.isArrowFunction(node)) {
      for (const result of resultsOf(node)) yield* this.#read(result, calls, depth + 1);
    } else if (ts.isIdentifier(node)) yield* this.#named(node, calls, depth);
    else if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      const key = ts.isPropertyAccessExpression(node) ? node.name.text : null;
      const values = this.#objects(node.expression, depth + 1).flatMap((object) => valuesOf(object, key));
      for (const value of values) yield* this.#read(value, calls, depth + 1);
      if (values.length === 0) yield sample;
    } else if (ts.isCallExpression(node)) {
      const callee = this.#calleeOf(node);
      const results = callee && !calls.has(callee) ? resultsOf(callee) : [];
      const entered = callee ? new Map([...calls, [callee, node]]) : calls;
      for (const result of results) yield* this.#read(result, entered, depth + 1);
      if (results.length === 0) yield sample;
    } else if (node.kind !== ts.SyntaxKind.NullKeyword) yield sample;
  }

  *#joined([first, ...rest]: (string | ts.Expression)[], calls: Calls, depth: number): Generator<Way> {
    const starts = typeof first === 'string' ? [{ text: first, calls }] : this.#read(first, calls, depth + 1);
    for (const start of starts) {
      if (rest.length === 0) yield start;
      else
        for (const end of this.#joined(rest, start.calls, depth))
          yield { text: start.text + end.text, calls: end.calls };
    }
  }

  *#named(node: ts.Identifier, calls: Calls, depth: number): Generator<Way> {
    const meaning = this.#meaningOf(node);
    if (meaning && ts.isVariableDeclaration(meaning) && isConstant(meaning) && meaning.initializer)
      yield* this.#read(meaning.initializer, calls, depth + 1);
    else if (meaning && ts.isParameter(meaning)) yield* this.#passed(meaning, calls, depth);
    else if (meaning && ts.isBindingElement(meaning)) {
      const values = this.#bound(meaning, depth + 1);
      for (const value of values) yield* this.#read(value, calls, depth + 1);
      if (values.length === 0) yield { text: SAMPLE, calls };
    } else if (node.text !== 'undefined') yield { text: SAMPLE, calls };
  }

  /** What is passed for a parameter: by the call that is thought of, or by any. */
  *#passed(parameter: ts.ParameterDeclaration, calls: Calls, depth: number): Generator<Way> {
    const callee = parameter.parent as Callable;
    const at = callee.parameters.indexOf(parameter);
    const entered = calls.get(callee);
    const sites = entered ? [entered] : this.#callsOf(callee);
    for (const site of sites) {
      const given = site.arguments.at(at) ?? parameter.initializer;
      const within = new Map([...calls, [callee, site]]);
      // An empty text stands for no value.
      if (given && given.getText() !== "''") yield* this.#read(given, within, depth + 1);
      else if (given) yield { text: SAMPLE, calls: within };
    }
    if (sites.length === 0) yield { text: SAMPLE, calls };
  }

  /** Objects that an expression can be, where they are written out. */
  #objects(node: ts.Expression, depth: number): ts.ObjectLiteralExpression[] {
    if (depth > DEEPEST) return [];
    if (ts.isObjectLiteralExpression(node)) return [node];
    if (ts.isArrayLiteralExpression(node))
      return node.elements.flatMap((one) => this.#objects(one, depth + 1));
    if (ts.isCallExpression(node)) {
      const callee = this.#calleeOf(node);
      return callee ? resultsOf(callee).flatMap((result) => this.#objects(result, depth + 1)) : [];
    }
    if (!ts.isIdentifier(node)) return [];
    const meaning = this.#meaningOf(node);
    if (!meaning || !ts.isVariableDeclaration(meaning) || !meaning.initializer) return [];
    return this.#objects(meaning.initializer, depth + 1);
  }

  /** Values of a name that is taken out of an object, or out of each of a list in turn. */
  #bound(element: ts.BindingElement, depth: number): ts.Expression[] {
    const declared = element.parent.parent;
    const source =
      ts.isVariableDeclaration(declared) &&
      (ts.isForOfStatement(declared.parent.parent)
        ? declared.parent.parent.expression
        : declared.initializer);
    const key = (element.propertyName ?? element.name) as ts.Identifier;
    return source ? this.#objects(source, depth).flatMap((object) => valuesOf(object, key.text)) : [];
  }

  #calleeOf({ expression }: ts.CallExpression): Callable | undefined {
    if (ts.isIdentifier(expression)) return callable(this.#meaningOf(expression));
    if (
      !ts.isPropertyAccessExpression(expression) ||
      expression.expression.kind !== ts.SyntaxKind.ThisKeyword
    )
      return undefined;
    const owner = ts.findAncestor(expression, ts.isClassLike);
    return owner?.members.find(
      (member): member is ts.MethodDeclaration =>
        ts.isMethodDeclaration(member) && member.name.getText() === expression.name.text,
    );
  }

  #callsOf(callee: Callable): readonly ts.CallExpression[] {
    if (!ts.isMethodDeclaration(callee)) return this.#calls.get(callee) ?? [];
    // Of a method that makes an error any call by that name counts; the names of others are too common.
    return callee.type?.getText() === 'StudioError' ? (this.#calls.get(callee.name.getText()) ?? []) : [];
  }

  #meaningOf(name: ts.Identifier): Meaning | undefined {
    for (let scope: ts.Node = name.parent; ; scope = scope.parent) {
      const found = declaredIn(scope).find((one) => one.name?.getText() === name.text);
      if (found) return found;
      if (ts.isSourceFile(scope)) return this.#imported(scope, name.text);
    }
  }

  #imported(file: ts.SourceFile, name: string): Meaning | undefined {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const named = statement.importClause?.namedBindings;
      const found =
        named && ts.isNamedImports(named) && named.elements.find((element) => element.name.text === name);
      if (!found) continue;
      const place = new URL((statement.moduleSpecifier as ts.StringLiteral).text, `file:///${file.fileName}`);
      const from = this.files.get(place.pathname.slice(1));
      const original = (found.propertyName ?? found.name).text;
      return from && declaredIn(from).find((one) => one.name?.getText() === original);
    }
    return undefined;
  }
}
