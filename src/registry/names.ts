import { GyreError } from '#kernel';

const NAME_LIMIT = 250;

/** Gives the name of a model back, or throws `registry/bad-name`: a slash or colon would break addresses of versions. */
export function requireModelName(name: string): string {
  if (name.trim() !== '' && name.length <= NAME_LIMIT && !/[/:]|\p{Cc}|\p{Surrogate}/u.test(name)) return name;
  throw badName('model', name, 'write 1 to 250 characters without / and :');
}

/** Gives the name of an alias back, or throws `registry/bad-name`; `latest`, `v7` and `7` would be taken for versions. */
export function requireAliasName(alias: string): string {
  if (/^[a-zA-Z0-9_-]{1,250}$/.test(alias) && !/^(latest|v?\d+)$/i.test(alias)) return alias;
  throw badName('alias', alias, 'write letters, digits, - and _, but not a number, v and a number, or "latest"');
}

/** Gives the path of a file back, or throws `registry/bad-name` unless it is relative and stays below its version. */
export function requireFilePath(path: string): string {
  const isClean = path.length <= 1000 && !/\\|\p{Cc}|\p{Surrogate}/u.test(path);
  if (isClean && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return path;
  throw badName('file', path, 'write names with / between them, such as model.json');
}

function badName(what: string, name: string, advice: string): GyreError {
  return new GyreError({
    kind: 'invalid',
    code: 'registry/bad-name',
    message: `${JSON.stringify(name.slice(0, 80))} is no name of ${what === 'alias' ? 'an' : 'a'} ${what}; ${advice}`,
  });
}
