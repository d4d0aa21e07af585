/** Reads every error code out of the source: where it is listed, where it is used, and with which kind. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A code as its room lists it. */
export interface ListedCode {
  readonly code: string;
  readonly meaning: string;
  /** Path of the `errors.ts`. */
  readonly file: string;
}

/** A code as it stands in the source. */
export interface UsedCode {
  readonly code: string;
  /** Failure kind when it stands in the same object literal. */
  readonly kind: string | undefined;
  readonly file: string;
}

/** Everything that is known about error codes. */
export interface ErrorsCatalogue {
  readonly listed: readonly ListedCode[];
  /** Codes given to an error, `code: 'room/what'`. */
  readonly used: readonly UsedCode[];
  /** Every string literal outside the lists that has the form of a code. */
  readonly mentioned: ReadonlySet<string>;
}

const CODE = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;
const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Reads the catalogue of a tree.
 *
 * @param folder - Folder that holds `src/`; the repository when left out.
 * @returns Listed, used and mentioned codes, each sorted by code.
 */
export function readErrorsCatalogue(folder: string = root): ErrorsCatalogue {
  const listed: ListedCode[] = [];
  const used: UsedCode[] = [];
  const mentioned = new Set<string>();
  const files = globSync('src/**/*.{ts,tsx}', {
    cwd: folder,
    exclude: (path) => /\.(test|contract|fixtures)\.tsx?$/.test(String(path)),
  });
  for (const file of files.sort()) {
    const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ESNext, true);
    const isList = /(^|\/)errors\.ts$/.test(file);
    if (isList) listed.push(...listedIn(source));
    visit(source, (node) => {
      const code = codeOf(node);
      if (code !== undefined) used.push({ code, kind: kindBeside(node), file });
      if (ts.isStringLiteralLike(node) && CODE.test(node.text) && !isListEntry(node)) mentioned.add(node.text);
    });
  }
  const byCode = (a: { readonly code: string }, b: { readonly code: string }): number => (a.code < b.code ? -1 : 1);
  return { listed: listed.sort(byCode), used: used.sort(byCode), mentioned };
}

/**
 * Writes the reference page of all error codes.
 *
 * @param catalogue - What {@link readErrorsCatalogue} read.
 * @returns Markdown, one table a room.
 */
export function errorsPage(catalogue: ErrorsCatalogue): string {
  const rooms = [...new Set(catalogue.listed.map((entry) => roomOf(entry.code)))];
  const lines = [
    '# Error codes',
    '',
    'Every failure carries a kind, which decides the HTTP status and the exit code, and a code, which names the cause. Codes are stable: programs may rely on them.',
    'Written by `npm run docs` from the `errors.ts` of each room; a test keeps this page equal to the code.',
  ];
  for (const room of rooms) {
    lines.push('', `## ${room}`, '', '| code | kind | meaning |', '|---|---|---|');
    for (const entry of catalogue.listed.filter((candidate) => roomOf(candidate.code) === room)) {
      const kinds = [...new Set(catalogue.used.filter((use) => use.code === entry.code).flatMap((use) => use.kind ?? []))].sort();
      lines.push(`| \`${entry.code}\` | ${kinds.join(', ') || '–'} | ${entry.meaning.replaceAll('|', '\\|')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function roomOf(code: string): string {
  return code.split('/')[0] ?? code;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function listedIn(source: ts.SourceFile): readonly ListedCode[] {
  const found: ListedCode[] = [];
  visit(source, (node) => {
    if (!ts.isPropertyAssignment(node) || !isListEntry(node.name)) return;
    const meaning = ts.isStringLiteralLike(node.initializer) ? node.initializer.text : '';
    if (ts.isStringLiteralLike(node.name)) found.push({ code: node.name.text, meaning, file: source.fileName });
  });
  return found;
}

/** A property name such as `'registry/model-not-found'` in an object literal is an entry of a list. */
function isListEntry(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) && CODE.test(node.text) && ts.isPropertyAssignment(node.parent) && node.parent.name === node
  );
}

function codeOf(node: ts.Node): string | undefined {
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name) || node.name.text !== 'code') return undefined;
  return ts.isStringLiteralLike(node.initializer) && CODE.test(node.initializer.text) ? node.initializer.text : undefined;
}

function kindBeside(node: ts.Node): string | undefined {
  const siblings = ts.isObjectLiteralExpression(node.parent) ? node.parent.properties : [];
  for (const sibling of siblings) {
    if (ts.isPropertyAssignment(sibling) && sibling.name.getText() === 'kind' && ts.isStringLiteralLike(sibling.initializer)) {
      return sibling.initializer.text;
    }
  }
  return undefined;
}
