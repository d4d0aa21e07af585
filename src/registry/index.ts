/**
 * Which models there are: registered models, their immutable versions bound to digests, and aliases with their whole
 * history. Names are labels, digests are identity, aliases are pointers.
 *
 * @module
 */
export type { ApprovalDesk, ApprovalRequest, ApprovalState } from './approval-desk.ts';
export { registryErrors } from './errors.ts';
export type {
  Alias,
  AliasMove,
  AliasRequest,
  ModelVersion,
  RegisteredModel,
  VersionDataset,
  VersionFile,
  VersionRegistration,
} from './model-version.ts';
export type { AliasKey, RegistryReads, RegistrySlice, RegistryVerification, RegistryWrites } from './registry.ts';
export { createRegistrySlice } from './slice.ts';
