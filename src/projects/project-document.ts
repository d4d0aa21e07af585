import Value from 'typebox/value';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { GyreError, type JsonObject, type Problem, parseTimeMs } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import { type FindingContext, problemsOf } from './document-problems.ts';
import { projectDocumentSchema } from './project-schema.ts';

/** The text of a project file, as a person wrote it. */
export interface ProjectText {
  readonly text: string;
  /** Shown in front of line numbers; default `gyre.yaml`. */
  readonly fileName?: string;
}

const MAX_ALIASES = 50;

/**
 * Parses and validates a project file in YAML 1.2 or JSON, with all problems at once and their lines.
 *
 * @param source - The text; JSON is YAML, so one parser reads both.
 * @param sections - The sections of all slices.
 * @returns The document as JSON.
 * @throws {@link GyreError} `projects/bad-document` with one problem per mistake; pointers look like `gyre.yaml:41 /gates/flights`.
 */
export function parseProjectDocument(source: ProjectText, sections: readonly ProjectSection[]): JsonObject {
  const fileName = source.fileName ?? 'gyre.yaml';
  const lines = new LineCounter();
  const parsed = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true, strict: true });
  if (parsed.errors.length > 0)
    throw badDocument(
      fileName,
      parsed.errors.map((error) => syntaxProblem(fileName, error)),
    );
  const document = readJson(parsed, fileName);
  const problems = documentProblems(document, sections);
  if (problems.length === 0) return document;
  throw badDocument(
    fileName,
    problems.map((problem) => ({
      ...problem,
      pointer: `${fileName}:${String(lineOf(parsed, lines, problem.pointer))} ${problem.pointer}`,
    })),
  );
}

function documentProblems(document: JsonObject, sections: readonly ProjectSection[]): readonly Problem[] {
  const schema = projectDocumentSchema(sections);
  const context: FindingContext = {
    valueAt: (pointer) => lookUp(document, pointer),
    schemaAt: (path) => lookUp(schema, path.replace(/^#/, '')),
  };
  const problems = problemsOf(Value.Errors(schema, document), context);
  if (problems.length > 0) return problems;
  const deeper = sections.flatMap((section) => {
    const value = document[section.key];
    return value === undefined || section.check === undefined ? [] : section.check(value, document);
  });
  return [...timeProblems(document), ...deeper];
}

/** The schema knows the form of a date, not whether there is such a day. */
function timeProblems(document: JsonObject): readonly Problem[] {
  // Checked by the schema before.
  const objectives = (document['objectives'] ?? {}) as Readonly<Record<string, { readonly due?: string }>>;
  const dues = Object.entries(objectives).map(([name, { due }]) => ({ pointer: `/objectives/${name}/due`, time: due }));
  return [{ pointer: '/startsAt', time: document['startsAt'] }, ...dues].flatMap(({ pointer, time }) => {
    if (typeof time !== 'string') return [];
    try {
      parseTimeMs(time);
      return [];
    } catch (error) {
      if (!(error instanceof GyreError)) throw error;
      return [{ pointer, code: error.code, detail: error.message }];
    }
  });
}

function readJson(parsed: Document.Parsed, fileName: string): JsonObject {
  try {
    const value: unknown = parsed.toJS({ maxAliasCount: MAX_ALIASES });
    // A YAML mapping without custom tags holds JSON values only; the schema checks them next.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw badDocument(fileName, [{ pointer: fileName, code: 'projects/too-many-aliases', detail: error.message }]);
  }
  throw badDocument(fileName, [
    {
      pointer: `${fileName}:1`,
      code: 'projects/not-a-mapping',
      detail: 'a project file is a mapping that starts with "gyre: 1"',
    },
  ]);
}

function syntaxProblem(
  fileName: string,
  error: { readonly message: string; readonly linePos?: readonly [{ readonly line: number }, ...unknown[]] | undefined },
): Problem {
  const line = error.linePos?.[0].line ?? 1;
  return {
    pointer: `${fileName}:${String(line)}`,
    code: 'projects/bad-yaml',
    detail: (error.message.split('\n')[0] ?? '').trim(),
  };
}

/** Finds the line of a pointer, or of its nearest parent that exists. */
function lineOf(parsed: Document.Parsed, lines: LineCounter, pointer: string): number {
  const path = pointerPath(pointer);
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = parsed.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}

function lookUp(root: unknown, pointer: string): unknown {
  let value: unknown = root;
  for (const name of pointerPath(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const members: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value));
    value = members[String(name)];
  }
  return value;
}

function pointerPath(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function badDocument(fileName: string, problems: readonly Problem[]): GyreError {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : '';
  return new GyreError({
    kind: 'invalid',
    code: 'projects/bad-document',
    message: `${fileName} is not a valid project file: ${first?.pointer ?? ''}: ${first?.detail ?? ''}${more}`,
    problems,
    help: 'the whole schema is at GET /api/v1/project-schema',
  });
}
