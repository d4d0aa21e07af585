import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatBytes } from '#kernel';
import type { Clock } from '#platform/clock';
import type { Check, Finding } from './check.ts';

const NEEDED_NODE = 24;
const FSYNCS = 20;
/** Below this, every acknowledged write waits noticeably. */
const FEW_FSYNCS_PER_SECOND = 50;
const LITTLE_SPACE_BYTES = 1024 ** 3;
const TOO_LITTLE_SPACE_BYTES = 64 * 1024 ** 2;
/** This version was made then: a clock before it is wrong. */
const EARLIEST_MS = Date.UTC(2026, 10, 1);

/**
 * Makes the check of the version of Node and its binary interface.
 *
 * @param version - Such as `24.21.0`.
 * @param abi - Version of the binary interface, for add-ons.
 * @returns The check.
 */
export function nodeCheck(version: string, abi: string): Check {
  return {
    name: 'node',
    look: async () => {
      const detail = `${version}, ABI ${abi}`;
      if (Number(version.split('.')[0]) >= NEEDED_NODE) return { state: 'sound', detail };
      return {
        state: 'broken',
        detail: `${detail}; Gyre needs ${String(NEEDED_NODE)} or newer`,
        fix: 'install it from https://nodejs.org',
      };
    },
  };
}

/**
 * Makes the check that a port of loopback can be listened on, or is the server's own.
 *
 * @param port - From 0 to 65535.
 * @param ownUrl - Base URL of the running server of the folder, when there is one.
 * @returns The check.
 */
export function portCheck(port: number, ownUrl: string | undefined): Check {
  return {
    name: 'port',
    look: async () => {
      if (ownUrl?.endsWith(`:${String(port)}`) === true)
        return { state: 'sound', detail: `${String(port)} is this folder’s own server` };
      const isFree = await new Promise<boolean>((resolve) => {
        const probe = createServer();
        probe.once('error', () => resolve(false));
        probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
      });
      if (isFree) return { state: 'sound', detail: `${String(port)} is free` };
      return {
        state: 'attention',
        detail: `${String(port)} is taken by another program`,
        fix: 'gyre up --port 0 takes a free one',
      };
    },
  };
}

/**
 * Makes the check of the disk of a folder: space, and how often a second it can bring bytes to stable storage.
 *
 * @param folder - A folder that exists; a probe file is written in it and removed.
 * @param clock - Measures the probe.
 * @returns The check.
 */
export function diskCheck(folder: string, clock: Clock): Check {
  return {
    name: 'disk',
    look: async () => {
      const { bavail, bsize } = statfsSync(folder);
      const freeBytes = bavail * bsize;
      const rate = fsyncsPerSecond(folder, clock);
      const detail = `${formatBytes(freeBytes)} free, ${String(Math.round(rate))} fsyncs a second at ${folder}`;
      if (freeBytes < TOO_LITTLE_SPACE_BYTES)
        return { state: 'broken', detail, fix: 'free some space, or use another disk with --data DIR' };
      if (freeBytes < LITTLE_SPACE_BYTES) return { state: 'attention', detail, fix: 'free some space; data and models grow' };
      if (rate < FEW_FSYNCS_PER_SECOND)
        return { state: 'attention', detail, fix: 'every acknowledged write waits for this disk; a faster one helps' };
      return { state: 'sound', detail };
    },
  };
}

function fsyncsPerSecond(folder: string, clock: Clock): number {
  const scratch = mkdtempSync(join(folder, '.doctor-'));
  const file = openSync(join(scratch, 'probe'), 'w');
  try {
    const startMs = clock.monotonicMs();
    for (let i = 0; i < FSYNCS; i += 1) {
      writeSync(file, 'x'.repeat(512));
      fsyncSync(file);
    }
    return (FSYNCS * 1000) / Math.max(0.01, clock.monotonicMs() - startMs);
  } finally {
    closeSync(file);
    rmSync(scratch, { recursive: true });
  }
}

/**
 * Makes the check that the clock of the machine can be right, and that it is not behind what the store has seen.
 *
 * @param clock - The clock of the machine.
 * @param lastSeenMs - Gives the latest moment that the store knows, milliseconds since 1970 UTC, when it knows one.
 * @returns The check.
 */
export function clockCheck(clock: Clock, lastSeenMs: () => number | undefined): Check {
  return {
    name: 'clock',
    look: async () => {
      const nowMs = clock.nowMs();
      const detail = new Date(nowMs).toISOString();
      const fix = 'set the clock of this machine (timedatectl set-ntp true)';
      if (nowMs < EARLIEST_MS) return { state: 'broken', detail: `${detail} lies before this version was made`, fix };
      const behindMs = (lastSeenMs() ?? nowMs) - nowMs;
      if (behindMs > 60_000)
        return { state: 'attention', detail: `${detail} is ${String(Math.round(behindMs / 1000))} s behind the store`, fix };
      return { state: 'sound', detail };
    },
  };
}

/**
 * Makes the check whether steps that are Python programs can run.
 *
 * @returns The check.
 */
export function pythonCheck(): Check {
  return {
    name: 'python',
    look: async () => {
      for (const name of ['python3', 'python']) {
        const result = spawnSync(name, ['--version'], { encoding: 'utf8', timeout: 5000 });
        if (result.status === 0) return { state: 'sound', detail: `${result.stdout.trim() || result.stderr.trim()} (${name})` };
      }
      return missing('no Python found; only steps that run one need it', 'install Python 3, or use the built-in steps');
    },
  };
}

/**
 * Makes the check whether a package is installed, by resolving it, not loading it.
 *
 * @param name - Name of the package.
 * @param resolve - Gives the path of the package, or throws.
 * @param absence - What its absence means, and what mends it.
 * @returns The check.
 */
export function packageCheck(
  name: string,
  resolve: () => string,
  absence: { readonly detail: string; readonly fix: string },
): Check {
  return {
    name,
    look: async () => {
      try {
        return { state: 'sound', detail: `installed at ${dirname(resolve())}` };
      } catch {
        return missing(absence.detail, absence.fix);
      }
    },
  };
}

/**
 * Gives the nearest folder upwards that exists, to ask about its disk.
 *
 * @param folder - An absolute path.
 * @param exists - Tells whether a path exists.
 * @returns The folder, or the system's temporary one when nothing above exists.
 * @example
 * ```ts
 * existingFolder('/a/b/c', (path) => path === '/a'); // => '/a'
 * ```
 */
export function existingFolder(folder: string, exists: (path: string) => boolean): string {
  let candidate = folder;
  while (!exists(candidate)) {
    if (dirname(candidate) === candidate) return tmpdir();
    candidate = dirname(candidate);
  }
  return candidate;
}

function missing(detail: string, fix: string): Finding {
  return { state: 'attention', detail, fix };
}
