import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { AuditCheckpoint } from './audit.ts';

/** Bytes in front of the raw key in the DER form of an Ed25519 public key (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** Signature type of Ed25519 in signed notes. */
const ED25519 = 1;

/** A key pair that signs checkpoints under a name. */
export interface NoteSigner {
  readonly privateKey: KeyObject;
  readonly verifier: NoteVerifier;
}

/** A public key with its name, and the 4 bytes by which signatures refer to it. */
export interface NoteVerifier {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly keyId: Buffer;
}

/**
 * Makes the verifier of a public key; its name is made of the key, so that two logs never share one.
 *
 * @param publicKey - Ed25519.
 * @returns The verifier.
 * @see https://c2sp.org/signed-note, "Verifier keys"
 */
export function verifierOf(publicKey: KeyObject): NoteVerifier {
  const raw = rawKey(publicKey);
  const name = `gyre-audit-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
  return namedVerifier(name, publicKey);
}

/**
 * Writes a verifier as one line.
 *
 * @param verifier - The verifier.
 * @returns `name+key id+key`.
 * @see https://c2sp.org/signed-note, "Verifier keys"
 */
export function formatVerifier(verifier: NoteVerifier): string {
  const typed = Buffer.concat([Buffer.from([ED25519]), rawKey(verifier.publicKey)]);
  return `${verifier.name}+${verifier.keyId.toString('hex')}+${typed.toString('base64')}`;
}

/**
 * Reads a verifier from its line.
 *
 * @param line - What {@link formatVerifier} wrote.
 * @returns The verifier, or undefined when the line is none, or its parts do not belong together.
 */
export function parseVerifier(line: string): NoteVerifier | undefined {
  const [, name, keyId, key] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  const typed = Buffer.from(key ?? '', 'base64');
  if (name === undefined || typed.length !== 33 || typed[0] !== ED25519) return undefined;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, typed.subarray(1)]), format: 'der', type: 'spki' });
  const verifier = namedVerifier(name, publicKey);
  return verifier.keyId.toString('hex') === keyId ? verifier : undefined;
}

/**
 * Signs the state of a log.
 *
 * @param signer - The key.
 * @param tree - Number of leaves and tree hash (64 hex digits).
 * @returns The checkpoint with its note.
 * @see https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
 */
export function signCheckpoint(signer: NoteSigner, tree: { readonly size: number; readonly rootHex: string }): AuditCheckpoint {
  const root = Buffer.from(tree.rootHex, 'hex').toString('base64');
  const { name, keyId } = signer.verifier;
  const body = `${name}\n${String(tree.size)}\n${root}\n`;
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(body), signer.privateKey)]).toString('base64');
  return { size: tree.size, rootHash: root, note: `${body}\n— ${name} ${signature}\n` };
}

/**
 * Reads a note and checks its signature.
 *
 * @param note - The text.
 * @param verifiers - Keys to believe.
 * @returns The checkpoint, or undefined when the note is malformed, or signed by nobody who is believed.
 */
export function openCheckpoint(note: string, verifiers: readonly NoteVerifier[]): AuditCheckpoint | undefined {
  const [, body, origin, size, rootHash, signer, signature] =
    /^((\S+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\n)\n— (\S+) ([A-Za-z0-9+/=]+)\n$/.exec(note) ?? [];
  if (body === undefined || size === undefined || rootHash === undefined || origin !== signer) return undefined;
  const bytes = Buffer.from(signature ?? '', 'base64');
  const isSigned = verifiers.some(
    (verifier) =>
      verifier.name === signer &&
      verifier.keyId.equals(bytes.subarray(0, 4)) &&
      verify(null, Buffer.from(body), verifier.publicKey, bytes.subarray(4)),
  );
  return isSigned ? { size: Number(size), rootHash, note } : undefined;
}

function namedVerifier(name: string, publicKey: KeyObject): NoteVerifier {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(new Uint8Array([ED25519]))
    .update(rawKey(publicKey))
    .digest();
  return { name, publicKey, keyId: hash.subarray(0, 4) };
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}
