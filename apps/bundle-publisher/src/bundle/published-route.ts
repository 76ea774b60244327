import { plain, type Route } from '@strongroom/tlog';
import type { BundleStore } from './bundle.store.js';

const PREFIX = '/bundles/';
const EPOCH = /^[1-9]\d{0,8}$/;

/**
 * `GET /bundles/<epoch>`: every bundle with both signatures, in its newest proof, for those who audit the log. The log
 * itself holds the texts alone.
 */
export function publishedRoute(store: Pick<BundleStore, 'published'>): Route {
  return async ({ method, path }) => {
    if (!path.startsWith(PREFIX)) return undefined;
    const epoch = path.slice(PREFIX.length);
    if (!EPOCH.test(epoch)) return undefined;
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'GET only\n');
    const bundle = await store.published(Number(epoch));
    // Not cached: its proof is renewed.
    return bundle ? plain(200, bundle.note) : plain(404, 'no such bundle\n');
  };
}
