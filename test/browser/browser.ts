import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Starts the system's Chromium, else the one that npm brings. */
export async function launchBrowser(): Promise<Browser> {
  const system = SYSTEM.find((path) => existsSync(path));
  if (system !== undefined) return await chromium.launch({ executablePath: system, headless: true, args: ARGS });
  // Its own flags switch off parts of what is tested here: the web's security, one process per page.
  const packed = (await import('@sparticuz/chromium')).default;
  return await chromium.launch({ executablePath: await packed.executablePath(), headless: true, args: ARGS });
}
