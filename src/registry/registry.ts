import type { Page } from '#kernel';
import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type {
  Alias,
  AliasMove,
  AliasRequest,
  ModelVersion,
  RegisteredModel,
  VersionFile,
  VersionRegistration,
} from './model-version.ts';

/** What a check of all registry rows found. */
export interface RegistryVerification {
  readonly rows: number;
  /** Rows whose content does not match their checksum, and gaps in numbers or histories; empty when all is well. */
  readonly problems: readonly { readonly table: string; readonly row: string; readonly detail: string }[];
}

/** What changes the registry. */
export interface RegistryWrites {
  /**
   * Registers a version and appends `registry.version-registered`; the same model, digest and run again gives the version there is.
   *
   * @throws {@link GyreError} `registry/bad-name`, `registry/no-file` when `files` is empty.
   */
  registerVersion(tx: SqlTx, registration: VersionRegistration): Promise<ModelVersion>;
  /**
   * Adds a file to a version, such as its ONNX form; the same file again changes nothing.
   *
   * @throws {@link GyreError} `registry/file-differs` when the version has other bytes under that path.
   */
  addFile(tx: SqlTx, versionId: string, file: VersionFile & { readonly actor: string }): Promise<ModelVersion>;
  /**
   * Points an alias to a version, keeps the move in its history, audits it and appends `registry.alias-moved`. Moving it to where it is changes nothing.
   *
   * @throws {@link GyreError} `registry/version-not-found`, `registry/alias-moved` when `expectedVersion` is not the alias's.
   */
  moveAlias(tx: SqlTx, request: AliasRequest): Promise<Alias>;
}

/** What reads the registry. */
export interface RegistryReads {
  /** Reads where an alias points; an alias that was never set, or of a model that is not registered yet, has version 0. */
  readAlias(tx: SqlTx, key: AliasKey): Promise<Alias>;
  /** Reads the version an alias points to, or undefined when it points nowhere. */
  versionByAlias(tx: SqlTx, key: AliasKey): Promise<ModelVersion | undefined>;
  /** Reads every move of a model's aliases, newest first. */
  aliasHistory(
    tx: SqlTx,
    query: { readonly projectId: string; readonly model: string; readonly alias?: string },
  ): Promise<readonly AliasMove[]>;
  /**
   * Reads a version by its id.
   *
   * @throws {@link GyreError} `registry/version-not-found`.
   */
  findVersion(tx: SqlTx, versionId: string): Promise<ModelVersion>;
  /**
   * Reads a version by model and number.
   *
   * @throws {@link GyreError} `registry/model-not-found`, `registry/version-not-found`.
   */
  findVersionByNumber(
    tx: SqlTx,
    key: { readonly projectId: string; readonly model: string; readonly number: number },
  ): Promise<ModelVersion>;
  /** Lists versions of a model, newest first. */
  listVersions(
    tx: SqlTx,
    query: { readonly projectId: string; readonly model: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Page<ModelVersion>>;
  /** Lists the registered models of a project by name. */
  listModels(tx: SqlTx, projectId: string): Promise<readonly RegisteredModel[]>;
  /** Recomputes the checksum of every row, and looks for gaps in numbers and histories. For `doctor`. */
  verifyRegistry(tx: SqlTx): Promise<RegistryVerification>;
}

/**
 * The registry as other slices use it.
 *
 * Laws: version numbers of a model have no gaps; a version never changes but for files that are added; an alias points
 * to at most one version, and its history tells every move; each row carries a checksum over its content.
 */
export interface RegistrySlice extends SliceModule, RegistryReads, RegistryWrites {}

/** Which alias of which model. */
export interface AliasKey {
  readonly projectId: string;
  readonly model: string;
  readonly alias: string;
}
