import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './find-chromium.js';

const START_TIMEOUT_MS = 60_000;

/** What keeps a browser from asking anybody by itself. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium without a window, with a profile of its own. The caller closes it. */
export async function openChromium(): Promise<Browser> {
  // Its sandbox refuses to run as root; what runs here are our own pages.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: await findChromium(), headless: true, timeout: START_TIMEOUT_MS, args: [...QUIET, ...asRoot] });
}
