#!/usr/bin/env node
// The `gyre` command. Plain JavaScript that an old Node can parse: it finds a Node that can run the rest, or says what to do.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cloneEnvironment, ensureDependencies, ensureUi, isClone, localNode, root } from './clone.mjs';

const NEEDED_MAJOR = 24;
const SHOWS_SCREENS = new Set(['up', 'demo']);
// From its second start on a clone strips no types: half a second and 70 MB less. Worker threads take the cache from the environment.
const COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compile');
// The short-lived half of the heap would grow to 32 MB and never shrink; 4 MB cost no measurable speed.
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function say(text) {
  process.stderr.write(`gyre: ${text}\n`);
}

function major(version) {
  return Number(version.split('.')[0]);
}

function programOf(args) {
  if (!isClone) return { entry: join(root, 'dist', 'main', 'cli.js'), flags: FLAGS };
  ensureDependencies(say);
  if (SHOWS_SCREENS.has(args[0]) && !args.includes('--help') && !ensureUi(say)) process.exit(1);
  return { entry: join(root, 'src', 'main', 'cli.ts'), flags: ['--conditions=source', ...FLAGS] };
}

function nodeOf() {
  if (isClone) return localNode() || process.execPath;
  if (major(process.versions.node) >= NEEDED_MAJOR) return process.execPath;
  say(`needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node} (${process.execPath}).`);
  say('install it from https://nodejs.org, or let npm bring it for one command:  npx -p node@24 -p gyre gyre up');
  return process.exit(1);
}

// `execve` puts the server in the place of this process, so that a supervisor and its signals meet the server itself.
function replaceProcess(node, args) {
  if (typeof process.execve !== 'function' || process.platform === 'win32') return;
  process.removeAllListeners('warning');
  try {
    process.execve(node, [node, ...args], environment());
  } catch (error) {
    if (error.code !== 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM') throw error;
  }
}

function environment() {
  const env = isClone ? { NODE_COMPILE_CACHE: COMPILE_CACHE, ...cloneEnvironment() } : process.env;
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

function runAsChild(node, args) {
  const child = spawn(node, args, { stdio: 'inherit', env: environment() });
  for (const signal of SIGNALS) process.on(signal, () => passOn(child, signal));
  child.on('error', (error) => {
    say(`cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) return process.exit(code);
    for (const name of SIGNALS) process.removeAllListeners(name);
    return process.kill(process.pid, signal);
  });
}

// A terminal sends Ctrl-C to the child as well: passed on once more it would read as the second, impatient one.
function passOn(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}

function main() {
  const args = process.argv.slice(2);
  const node = nodeOf();
  const { entry, flags } = programOf(args);
  if (!existsSync(entry)) {
    say(`${entry} is missing; the installation is incomplete. Install the package again.`);
    process.exit(1);
  }
  const command = [...flags, entry, ...args];
  const program = (isClone && localNode()) || node;
  replaceProcess(program, command);
  runAsChild(program, command);
}

main();
