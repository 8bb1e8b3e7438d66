import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "../pages.ts";

/** One error code, and where the sources have it. */
export interface FoundCode {
  readonly code: string;
  /** Paths from the repository's root, sorted. */
  readonly files: readonly string[];
  /** Names of the error classes that carry it, sorted. Empty for a code of a report or an event. */
  readonly classes: readonly string[];
}

const codeShape = /^[a-z]+(_[a-z\d*]+)*$/;
/** Classes whose first argument is the code. */
const codeFirst = new Set(["BinnacleError", "RequestError", "AdmissionError"]);
/** Values of a `code` that is no error code: zod's issues, and a reading of Markdown. */
const otherCodes = new Set(["custom", "code"]);

interface Mention {
  readonly code: string;
  readonly file: string;
  readonly class?: string | undefined;
}

/** Every error code that the packages' sources write, in alphabetical order. */
export function findCodes(): readonly FoundCode[] {
  const mentions = sourceFiles().flatMap(({ file, text }) => mentionsIn(file, text));
  const codes = [...new Set(mentions.map(({ code }) => code))].sort();
  return codes.map((code) => {
    const own = mentions.filter((mention) => mention.code === code);
    const distinct = (values: readonly (string | undefined)[]): readonly string[] =>
      [...new Set(values.filter((value) => value !== undefined))].sort();
    return {
      code,
      files: distinct(own.map(({ file }) => file)),
      classes: distinct(own.map((mention) => mention.class)),
    };
  });
}

/** Files that make errors whose code is neither a string nor a parameter, in alphabetical order. */
export function filesWithPassedCodes(): readonly string[] {
  return sourceFiles()
    .filter(({ file, text }) => codeArguments(parse(file, text)).some(({ isKnown }) => !isKnown))
    .map(({ file }) => file);
}

function sourceFiles(): readonly { readonly file: string; readonly text: string }[] {
  return globSync("packages/*/src/**/*.ts", {
    cwd: repository,
    exclude: ["**/*.test.ts", "**/*.test-d.ts", "**/testing/**", "**/fixtures/**"],
  })
    .sort()
    .map((file) => ({ file, text: readFileSync(join(repository, file), "utf8") }));
}

function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The codes in one file. */
export function mentionsIn(file: string, text: string): readonly Mention[] {
  const found: Mention[] = [];
  const source = parse(file, text);
  const forwarders = new Map(codeArguments(source).flatMap(({ forwarder }) => forwarder ?? []));
  const add: Add = (node, name, prefix = "") => {
    for (const literal of literalsOf(node)) {
      const code = (prefix + literal.replaceAll("-", "_")).replace(/^http_.*/, "http_*");
      if (codeShape.test(code) && !otherCodes.has(code)) found.push({ code, file, class: name });
    }
  };
  const visit = (node: ts.Node, enclosing: string | undefined): void => {
    const name = ts.isNewExpression(node) ? errorName(node.expression) : undefined;
    if (ts.isNewExpression(node) && name !== undefined && codeFirst.has(name)) add(node.arguments?.[0], name);
    if (ts.isClassDeclaration(node) && node.name?.text.endsWith("Error") === true) addSuperCode(node, add);
    if (ts.isTypeAliasDeclaration(node) && node.name.text === "InferenceErrorKind")
      add(node.type, "InferenceError", "inference_");
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code") add(node.initializer, enclosing);
    if (ts.isCallExpression(node)) {
      const forwarder = forwarders.get(node.expression.getText());
      if (forwarder !== undefined) add(node.arguments[forwarder.position], forwarder.class);
    }
    ts.forEachChild(node, (child) => visit(child, name ?? enclosing));
  };
  visit(source, undefined);
  return found;
}

type Add = (node: ts.Node | undefined, name: string | undefined, prefix?: string) => void;

/** A function that makes an error of the code that it is given. */
interface Forwarder {
  /** Index of the parameter that holds the code. */
  readonly position: number;
  readonly class: string;
}

/** The code that one `new …Error` is given. */
interface CodeArgument {
  /** True if the code is a string, or a parameter of a function that has a name. */
  readonly isKnown: boolean;
  readonly forwarder?: readonly (readonly [name: string, forwarder: Forwarder])[] | undefined;
}

function codeArguments(source: ts.SourceFile): readonly CodeArgument[] {
  const found: CodeArgument[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && codeFirst.has(errorName(node.expression) ?? "")) {
      const code = node.arguments?.[0];
      const made = ts.findAncestor(node, ts.isFunctionLike);
      const position = made?.parameters.findIndex(({ name }) => name.getText() === code?.getText()) ?? -1;
      const name = made === undefined || position < 0 ? undefined : nameOf(made);
      const forwarder = { position, class: node.expression.getText() };
      found.push({
        isKnown: name !== undefined || literalsOf(code).length > 0,
        forwarder: name === undefined ? undefined : [[name, forwarder]],
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(made: ts.SignatureDeclaration): string | undefined {
  if (made.name !== undefined) return made.name.getText();
  return ts.isVariableDeclaration(made.parent) ? made.parent.name.getText() : undefined;
}

/** An error class gives its code to `super`, or takes one of its own as the default. */
function addSuperCode(declaration: ts.ClassDeclaration, add: Add): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword)
      add(node.arguments[0], declaration.name?.text);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
}

function errorName(expression: ts.Expression): string | undefined {
  return ts.isIdentifier(expression) && expression.text.endsWith("Error") ? expression.text : undefined;
}

/** The strings that an expression or a type may be. */
function literalsOf(node: ts.Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node) && node.head.text === "http_") return ["http_*"];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(literalsOf);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(literalsOf);
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literalsOf);
  if (ts.isLiteralTypeNode(node)) return literalsOf(node.literal);
  return [];
}
