import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { GyreError } from '#kernel';
import type { AuditCheckpoint } from '#platform/audit';
import {
  formatVerifier,
  type NoteSigner,
  type NoteVerifier,
  openCheckpoint,
  parseVerifier,
  verifierOf,
} from '../checkpoint-note.ts';

/** What is kept outside the database: the signing key, the keys to believe, and every checkpoint. */
export interface KeyFolder {
  readonly signer: NoteSigner;
  /** Reads all checkpoints, oldest first; throws `audit/bad-checkpoint`. */
  checkpoints(): readonly AuditCheckpoint[];
  /** Appends one, on stable storage when it returns. */
  append(checkpoint: AuditCheckpoint): void;
}

/** One note and the empty line behind it. */
const NOTE = /[^\n]+\n[^\n]+\n[^\n]+\n\n— [^\n]+\n\n/y;

/**
 * Opens the folder, and makes a key in a new one.
 *
 * @param folder - Outside the database; made when absent, readable for its user alone.
 * @returns The folder.
 * @throws {@link GyreError} `audit/bad-key` when the key file cannot be read.
 */
export function openKeyFolder(folder: string): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'signing-key.pem');
  const verifierFile = join(folder, 'verification-keys.txt');
  const logFile = join(folder, 'checkpoints.log');
  if (!existsSync(keyFile)) makeKey(keyFile, verifierFile);
  const signer = readKey(keyFile);
  return {
    signer,
    checkpoints: () => readNotes(logFile, readVerifiers(verifierFile)),
    append: (checkpoint) => appendNote(logFile, checkpoint.note),
  };
}

function makeKey(keyFile: string, verifierFile: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  // The public half first: a crash in between leaves a key nobody signs with, not signatures nobody can check.
  appendFileSync(verifierFile, `${formatVerifier(verifierOf(publicKey))}\n`, { flush: true });
  const file = openSync(keyFile, 'wx', 0o600);
  writeSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  fsyncSync(file);
  closeSync(file);
}

function readKey(keyFile: string): NoteSigner {
  try {
    const privateKey = createPrivateKey(readFileSync(keyFile));
    if (privateKey.asymmetricKeyType !== 'ed25519')
      throw new TypeError(`it is of type ${String(privateKey.asymmetricKeyType)}, not ed25519`);
    return { privateKey, verifier: verifierOf(createPublicKey(privateKey)) };
  } catch (cause) {
    throw new GyreError({
      kind: 'precondition-failed',
      code: 'audit/bad-key',
      message: `the signing key ${keyFile} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      help: 'restore it from a backup, or move it away: a new key is made, and old checkpoints stay verifiable',
      cause,
    });
  }
}

function readVerifiers(verifierFile: string): readonly NoteVerifier[] {
  const lines = existsSync(verifierFile) ? readFileSync(verifierFile, 'utf8').split('\n') : [];
  return lines.map((line) => parseVerifier(line)).filter((verifier) => verifier !== undefined);
}

function readNotes(logFile: string, verifiers: readonly NoteVerifier[]): readonly AuditCheckpoint[] {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  return splitNotes(text).notes.map((note, index) => {
    const checkpoint = openCheckpoint(note, verifiers);
    if (checkpoint !== undefined) return checkpoint;
    throw new GyreError({
      kind: 'precondition-failed',
      code: 'audit/bad-checkpoint',
      message: `checkpoint ${String(index + 1)} in ${logFile} was changed, or is signed by a key that verification-keys.txt does not hold`,
    });
  });
}

/** A note that a crash left unfinished at the end is no checkpoint yet. */
function splitNotes(text: string): { readonly notes: readonly string[]; readonly length: number } {
  const notes: string[] = [];
  NOTE.lastIndex = 0;
  let length = 0;
  for (let found = NOTE.exec(text); found !== null; found = NOTE.exec(text)) {
    notes.push(found[0].slice(0, -1));
    length = NOTE.lastIndex;
  }
  const rest = text.slice(length);
  // What has the end of a note but not its form was not left by a crash.
  if (/\n\n$|\n\n[\s\S]*\n\n/.test(rest)) notes.push(rest);
  return { notes, length };
}

function appendNote(logFile: string, note: string): void {
  const file = openSync(logFile, 'a+', 0o644);
  try {
    const text = readFileSync(file, 'utf8');
    const { length } = splitNotes(text);
    if (length < text.length) ftruncateSync(file, Buffer.byteLength(text.slice(0, length)));
    writeSync(file, `${note}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
