import { GyreError } from '#kernel';

const NAME_LIMIT = 250;
const PATH_LIMIT = 1000;
const VALUE_LIMIT = 16_384;

/** Gives a name back, or throws `tracking/bad-name` when it is empty, over 250 characters, or has control characters. */
export function requireName(what: string, name: string): string {
  const problem = nameProblem(name, NAME_LIMIT);
  if (problem === undefined) return name;
  throw new GyreError({
    kind: 'invalid',
    code: 'tracking/bad-name',
    message: `the name of ${what} ${problem}: ${JSON.stringify(name.slice(0, 60))}`,
  });
}

/** Gives the text of a param or tag back, or throws `tracking/too-long` when it has over 16,384 characters. */
export function requireValue(what: string, text: string): string {
  if (text.length <= VALUE_LIMIT) return text;
  throw new GyreError({
    kind: 'too-large',
    code: 'tracking/too-long',
    message: `${what} has ${String(text.length)} characters, the limit is ${String(VALUE_LIMIT)}; store it as an artifact`,
  });
}

/** Gives an artifact path back, or throws `tracking/bad-path` unless it is relative and stays below its run. */
export function requireArtifactPath(path: string): string {
  const isClean = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (isClean && !path.includes('\\') && nameProblem(path, PATH_LIMIT) === undefined) return path;
  throw new GyreError({
    kind: 'invalid',
    code: 'tracking/bad-path',
    message: `${JSON.stringify(path.slice(0, 80))} is no artifact path; write names with / between them, such as model/model.json`,
  });
}

function nameProblem(name: string, limit: number): string | undefined {
  if (name.length === 0) return 'is empty';
  if (name.length > limit) return `has ${String(name.length)} characters, the limit is ${String(limit)}`;
  return /\p{Cc}|\p{Surrogate}/u.test(name) ? 'has control characters' : undefined;
}
