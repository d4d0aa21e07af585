/** Builds the browser part into `dist/web`. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// Whoever asks, a test runner too: the bundle is the one that users get.
process.env['NODE_ENV'] = 'production';
await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel: 'warn' });
