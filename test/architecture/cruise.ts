import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { RULES } from './rules.ts';

/** What dependency-cruiser found in one tree. */
export interface Findings {
  /** Files of the tree that were read. */
  readonly modules: readonly string[];
  /** `rule: from -> to (advice)`, one a line. */
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string; readonly advice: string }[];
}

/**
 * Reads a tree and judges it by the rules of the house.
 *
 * @param baseDir - Folder that holds `package.json` and `src/`.
 * @param folders - Folders below it to read.
 * @returns The files that were read and every violation.
 */
export async function inspect(baseDir: string, folders: readonly string[]): Promise<Findings> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir,
      validate: true,
      ruleSet: { forbidden: [...RULES] },
      tsPreCompilationDeps: true,
      doNotFollow: 'node_modules',
      exclude: '^dist/',
      combinedDependencies: false,
    },
    {
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
    },
  );
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output.slice(0, 200)}`);
  return findingsOf(output);
}

function findingsOf(result: ICruiseResult): Findings {
  const modules = result.modules.map((module) => module.source).filter((path) => /^(src|test|bench|scripts)\//.test(path));
  const advice = new Map(RULES.map((rule) => [rule.name, rule.comment ?? '']));
  const violations = result.summary.violations.map((violation) => ({
    rule: violation.rule.name,
    from: violation.from,
    to: violation.to,
    advice: advice.get(violation.rule.name) ?? '',
  }));
  return { modules, violations };
}
