import { parse, YAMLParseError } from 'yaml';
import { GyreError } from '#kernel';

/** What a project file says at a glance, before a server validates it. */
export interface ProjectOutline {
  readonly project: string;
  /** Names in a top-level section, in the order of the file; empty when it has none. */
  namesIn(section: string): readonly string[];
}

/**
 * Reads the name of the project and the names in its sections out of a project file.
 *
 * @param text - The file, YAML or JSON.
 * @param fileName - For messages.
 * @returns The outline.
 * @throws {@link GyreError} `projects/bad-document` when it is not YAML or names no project.
 * @example
 * ```ts
 * outlineProject('gyre: 1\nproject: churn\npipelines: { train: {} }', 'gyre.yaml').namesIn('pipelines'); // => ['train']
 * ```
 */
export function outlineProject(text: string, fileName: string): ProjectOutline {
  const document = parseYaml(text, fileName);
  const project = memberOf(document, 'project');
  if (typeof project !== 'string') throw badFile(fileName, 'it has no "project: NAME" line');
  return {
    project,
    namesIn: (section) => {
      const value = memberOf(document, section);
      return typeof value === 'object' && value !== null ? Object.keys(value) : [];
    },
  };
}

function parseYaml(text: string, fileName: string): unknown {
  try {
    const value: unknown = parse(text, { maxAliasCount: 50 });
    return value;
  } catch (error) {
    if (error instanceof YAMLParseError) throw badFile(fileName, error.message.split('\n')[0] ?? '');
    throw error;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function badFile(fileName: string, why: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'projects/bad-document', message: `${fileName} is not a project file: ${why}` });
}
