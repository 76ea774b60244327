import { h, render } from 'preact';
import { BrowserMemory } from './live/browser-memory.js';
import { placesIn } from './live/places.js';
import { judgeBundle } from './judge/judge-bundle.js';
import { AuditPage } from './page/audit-page.js';
import type { Surroundings } from './page/surroundings.js';

const surroundings: Surroundings = {
  fetch: (url, init) => window.fetch(url, { ...init, credentials: 'omit', cache: 'no-cache' }),
  nowMs: () => Date.now(),
  memory: new BrowserMemory(storage()),
  places: placesIn(location.hash, location.origin),
  host: location.protocol === 'file:' ? undefined : location.host,
  copy: (text) => navigator.clipboard.writeText(text),
};

const place = document.getElementById('audit');
place?.replaceChildren();
if (place) render(h(AuditPage, { surroundings }), place);

// For scripts, and for whoever opens the browser's console: the very function that the page calls.
Object.assign(window, { strongroom: { judgeBundle } });

/** A browser may refuse to keep anything. */
function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
