import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import { aliasOf, lastMove, listMoves, moveOf } from './alias-rows-sql.ts';
import { registryMigrations } from './migrations.ts';
import { modelsSection } from './models-section.ts';
import { moveAlias } from './move-alias-store.ts';
import { requireAliasName } from './names.ts';
import { addFile, type RegistryPorts, registerVersion } from './register-version-store.ts';
import type { RegistryReads, RegistrySlice, RegistryWrites } from './registry.ts';
import { registryRoutes } from './routes.ts';
import { verifyRegistry } from './verify-registry-store.ts';
import {
  findModelRow,
  listModelRows,
  listVersionRows,
  requireModelRow,
  requireVersion,
  requireVersionByNumber,
} from './version-rows-sql.ts';

/**
 * Makes the slice.
 *
 * @param platform - The ports; the store, events, audit, blobs, clock and ids are used.
 * @param upstream - `projects` finds the project that a route names and reads the business clock.
 * @returns The slice and what others call.
 */
export function createRegistrySlice(
  platform: Pick<Platform, 'database' | 'blobs'> & Omit<RegistryPorts, 'projects'>,
  upstream: { readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'> },
): RegistrySlice {
  const { projects } = upstream;
  const registry = { ...registryReads, ...registryWrites({ ...platform, projects }) };
  return {
    name: 'registry',
    migrations: registryMigrations,
    projectSection: modelsSection,
    routes: registryRoutes({ database: platform.database, blobs: platform.blobs, projects, registry }),
    ...registry,
  };
}

function registryWrites(ports: RegistryPorts): RegistryWrites {
  return {
    registerVersion: (tx, registration) => registerVersion(ports, tx, registration),
    addFile: (tx, versionId, { actor, ...file }) => addFile(ports, tx, { versionId, file, actor }),
    moveAlias: (tx, request) => moveAlias(ports, tx, request),
  };
}

const registryReads: RegistryReads = {
  readAlias: async (tx, key) => {
    const alias = requireAliasName(key.alias);
    const model = await findModelRow(tx, key);
    return aliasOf(key.model, alias, model === undefined ? undefined : await lastMove(tx, model.id, alias));
  },
  versionByAlias: async (tx, key) => {
    const { number } = await registryReads.readAlias(tx, key);
    return number === undefined ? undefined : requireVersionByNumber(tx, { ...key, number });
  },
  aliasHistory: async (tx, query) => {
    const model = await requireModelRow(tx, query);
    return (await listMoves(tx, model.id, query.alias)).map((row) => moveOf(model.name, row));
  },
  findVersion: requireVersion,
  findVersionByNumber: requireVersionByNumber,
  listVersions: listVersionRows,
  listModels: listModelRows,
  verifyRegistry,
};
