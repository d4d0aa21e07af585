import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { GyreError } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import { parseProjectDocument } from './project-document.ts';

const datasets: ProjectSection = {
  key: 'datasets',
  schema: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Object({ id: Type.String() }, { additionalProperties: false })),
};

function problemsOf(text: string): readonly { pointer: string; detail: string }[] {
  try {
    parseProjectDocument({ text }, [datasets]);
  } catch (error) {
    if (error instanceof GyreError) return error.problems;
    throw error;
  }
  return [];
}

describe('a project file', () => {
  it('is read from YAML and from JSON alike', () => {
    const yaml = parseProjectDocument({ text: 'gyre: 1\nproject: churn\n' }, []);
    expect(parseProjectDocument({ text: '{"gyre": 1, "project": "churn"}' }, [])).toEqual(yaml);
  });

  it('names the line and the nearest key of an unknown key', () => {
    const problems = problemsOf('gyre: 1\nproject: churn\n\nobjetives: {}\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.pointer).toBe('gyre.yaml:4 /objetives');
    expect(problems[0]?.detail).toContain('did you mean "objectives"?');
  });

  it('reports every mistake at once, each with its line', () => {
    const text =
      'gyre: 1\nproject: churn\nobjectives:\n  good:\n    metric: roc_au\n    target: high\ndatasets:\n  t: { idd: x }\n';
    const lines = problemsOf(text).map((problem) => problem.pointer.split(' ')[0]);
    expect(lines).toEqual(expect.arrayContaining(['gyre.yaml:5', 'gyre.yaml:6', 'gyre.yaml:8']));
  });

  it('suggests the nearest metric', () => {
    const text = 'gyre: 1\nproject: churn\nobjectives:\n  good: { metric: roc_au, target: 0.8 }\n';
    expect(problemsOf(text)[0]?.detail).toContain('did you mean "roc_auc"?');
  });

  it('refuses a name that does not fit the pattern of names, in every section', () => {
    const text = 'gyre: 1\nproject: churn\ndatasets:\n  Bad Name: { idd: 3 }\nobjectives:\n  Also Bad: 7\n';
    expect(problemsOf(text).map((problem) => problem.pointer.split(' ')[0])).toEqual(['gyre.yaml:6', 'gyre.yaml:4']);
  });

  it('points at the line of a syntax error', () => {
    expect(problemsOf('gyre: 1\nproject: [a\n')[0]?.pointer).toMatch(/^gyre\.yaml:[23]$/);
  });

  it('refuses a list, a scalar and an empty text', () => {
    for (const text of ['- a', '42', '']) expect(problemsOf(text)[0]?.detail).toContain('mapping');
  });

  it('refuses more aliases than any honest file has', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}*a]\nc: [${'*b,'.repeat(9)}*b]\n`;
    expect(problemsOf(bomb).length).toBeGreaterThan(0);
  });

  it('refuses a business start without a zone', () => {
    expect(problemsOf('gyre: 1\nproject: p\nclock: replay\nstartsAt: 2001-03-01 00:00\n')[0]?.pointer).toBe(
      'gyre.yaml:4 /startsAt',
    );
  });
});
