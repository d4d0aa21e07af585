/**
 * Blobs in a folder: one file each, named by its digest.
 *
 * @module
 */
export { type BlobFolderOptions, openBlobFolder } from './blob-folder.ts';
