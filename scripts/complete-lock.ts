/**
 * Completes `package-lock.json` with the prebuilt packages of other platforms, which `npm install` leaves out when the registry at hand does not
 * keep them; without their entries `npm ci` refuses the lock file everywhere. Run it after every `npm install` that changed the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One package of the lock file, as far as it matters here. */
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly license?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));

/** Operating system, processor and C library, as the names of prebuilt packages spell them. */
function platformOf(name: string): Readonly<Record<string, readonly string[]>> {
  const os = /android|darwin|linux|win32|freebsd|openharmony|netbsd|openbsd|sunos|aix/.exec(name)?.[0];
  const cpu = /arm64|x64|ia32|ppc64|riscv64|s390x|loong64|wasm32|arm(?=-|$)/.exec(name.replace(/^.*\//, ''))?.[0];
  const libc = /musl/.test(name) ? 'musl' : /-gnu/.exec(name) && 'glibc';
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc ? { libc: [libc] } : {}),
    ...(os === undefined ? {} : { os: [os] }),
  };
}

/** Entries that the lock file lacks, by their place in it. */
function missingEntries(packages: Readonly<Record<string, LockEntry>>): Readonly<Record<string, unknown>> {
  const wanted = Object.entries(packages).flatMap(([place, parent]) =>
    Object.entries(parent.optionalDependencies ?? {}).map(([name, version]) => ({ place, parent, name, version })),
  );
  const missing = wanted.filter(
    ({ place, name }) => !(`node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages),
  );
  return Object.fromEntries(missing.map(({ parent, name, version }) => [`node_modules/${name}`, entryOf(parent, name, version)]));
}

function entryOf(parent: LockEntry, name: string, version: string): unknown {
  const dev = parent.dev === true || parent.devOptional === true ? { dev: true } : {};
  return { version, ...platformOf(name), ...dev, license: parent.license, optional: true };
}

// The form of the file is npm's, lock file version 3.
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, LockEntry> };
const missing = missingEntries(lock.packages);
const entries = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, undefined, 2)}\n`);
process.stdout.write(`${String(Object.keys(missing).length)} entries added\n`);
