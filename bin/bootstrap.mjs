// `npm run demo` and `npm test` as the first command in a fresh clone: installs what is missing, builds the screens, and goes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cloneEnvironment, ensureDependencies, ensureUi, localNode, root } from './clone.mjs';

function say(text) {
  process.stderr.write(`gyre: ${text}\n`);
}

const PROGRAMS = {
  demo: (args) => [join(root, 'bin', 'gyre.mjs'), 'demo', ...args],
  test: (args) => ['--conditions=source', '--disable-warning=ExperimentalWarning', join(root, 'scripts', 'test.ts'), ...args],
};

function main() {
  const [what, ...args] = process.argv.slice(2);
  const program = PROGRAMS[what];
  if (program === undefined) {
    say(`"${what}" is not known here; write: node bin/bootstrap.mjs demo|test [arguments]`);
    process.exit(2);
  }
  ensureDependencies(say);
  if (!ensureUi(say)) process.exit(1);
  const child = spawn(localNode(), program(args), { cwd: root, stdio: 'inherit', env: cloneEnvironment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

main();
