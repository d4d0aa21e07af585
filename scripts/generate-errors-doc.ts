/** Writes `docs/reference/errors.md` from the source. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorsPage, readErrorsCatalogue } from './errors-catalogue.ts';

const page = fileURLToPath(new URL('../docs/reference/errors.md', import.meta.url));
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, errorsPage(readErrorsCatalogue()));
