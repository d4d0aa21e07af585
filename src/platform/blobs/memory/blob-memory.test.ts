import { createMemoryBlobs } from '#platform/blobs/memory';
import { describeBlobStore } from '../blobs.contract.ts';

describeBlobStore('the blob store in memory', async () => createMemoryBlobs());
