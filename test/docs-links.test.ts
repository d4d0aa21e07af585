import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md', 'bench/**/*.md'], { cwd: root });

/** The targets of all links of a document that lead to another file or heading of the repository. */
function localLinks(markdown: string): readonly string[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

function slugsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#{1,6} +(.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** Says where a link of a document fails to lead, or nothing. */
function linkProblem(document: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), decodeURIComponent(path));
  if (!existsSync(join(root, file))) return `${document}: ${target} leads nowhere`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return slugsOf(readFileSync(join(root, file), 'utf8')).has(anchor) ? undefined : `${document}: ${target} names no heading`;
}

function trackedTexts(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 1 << 26,
  });
  const paths = listed.toString('utf8').split('\0');
  return paths.filter((path) => path !== '' && existsSync(join(root, path)) && !/\.(png|parquet|woff2|onnx|gz|ico)$/.test(path));
}

describe('documents', () => {
  test('are there', () => {
    expect(documents).toContain('README.md');
    expect(documents.length).toBeGreaterThan(10);
  });

  test('link only to files and headings that exist', () => {
    const problems = documents.flatMap((document) =>
      localLinks(readFileSync(join(root, document), 'utf8')).flatMap((target) => linkProblem(document, target) ?? []),
    );

    expect(problems).toEqual([]);
  });

  test('are judged by a reader that sees a broken link', () => {
    expect(localLinks('see [a](docs/nowhere.md) and [b](https://example.org) and `[c](x)`')).toEqual(['docs/nowhere.md']);
    expect(linkProblem('README.md', 'docs/nowhere.md')).toBe('README.md: docs/nowhere.md leads nowhere');
    expect(linkProblem('README.md', '#no-such-heading')).toBe('README.md: #no-such-heading names no heading');
  });
});

describe.skipIf(!existsSync(join(root, '.git')))('files of the repository (in a git checkout)', () => {
  test('name no folder of the machine they were written on', () => {
    const machinePaths = [dirname(join(root, '.')), homedir()]
      .filter((path) => path.split('/').length > 2 || path === '/root')
      .map((path) => `${path}/`);
    const naming = trackedTexts().filter((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return machinePaths.some((machinePath) => text.includes(machinePath));
    });

    expect(machinePaths.length).toBeGreaterThan(0);
    expect(naming).toEqual([]);
  });
});
