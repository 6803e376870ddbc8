/** Questions about the syntax of the engine's sources, for `engine-sentences.ts`. */
import ts from 'typescript';

export type Callable = ts.FunctionLikeDeclaration;
/** What a name stands for. */
export type Meaning = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement | Callable;

/** Calls `visit` for a node and all within it. */
export function visitAll(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => visitAll(child, visit));
}

export function isConstant({ parent }: ts.VariableDeclaration): boolean {
  return (parent.flags & ts.NodeFlags.Const) !== 0;
}

export function callable(meaning: Meaning | undefined): Callable | undefined {
  if (!meaning || ts.isParameter(meaning) || ts.isBindingElement(meaning)) return undefined;
  if (!ts.isVariableDeclaration(meaning)) return meaning;
  return meaning.initializer && ts.isArrowFunction(meaning.initializer) ? meaning.initializer : undefined;
}

/** What a function gives back: the expressions of its `return`s. */
export function resultsOf({ body }: Callable): ts.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const results: ts.Expression[] = [];
  const search = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) results.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, search);
  };
  search(body);
  return results;
}

/** Names that a block, a function or a loop declares itself. */
export function declaredIn(scope: ts.Node): Meaning[] {
  if (ts.isFunctionLike(scope)) return scope.parameters.flatMap((one) => [one, ...elementsOf(one.name)]);
  if (ts.isForOfStatement(scope)) return variables(scope.initializer);
  if (!ts.isSourceFile(scope) && !ts.isBlock(scope) && !ts.isCaseClause(scope)) return [];
  return [...scope.statements].flatMap((statement): Meaning[] => {
    if (ts.isVariableStatement(statement)) return variables(statement.declarationList);
    return ts.isFunctionDeclaration(statement) ? [statement] : [];
  });
}

function variables(list: ts.Node): Meaning[] {
  if (!ts.isVariableDeclarationList(list)) return [];
  return list.declarations.flatMap((one) => [one, ...elementsOf(one.name)]);
}

function elementsOf(name: ts.BindingName): ts.BindingElement[] {
  return ts.isObjectBindingPattern(name) ? [...name.elements] : [];
}

/** Values in an object: of a property, or of all where the key is known at run time only. */
export function valuesOf(object: ts.ObjectLiteralExpression, key: string | null): ts.Expression[] {
  return object.properties.flatMap((property) => {
    if (key !== null && property.name?.getText() !== key) return [];
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isPropertyAssignment(property) ? [property.initializer] : [];
  });
}
