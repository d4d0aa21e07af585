import { createRequire } from 'node:module';

/** Tells whether the native inference runtime is installed, without loading it. */
export function hasNativeRuntime(): boolean {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
}
