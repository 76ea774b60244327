import { Module, type DynamicModule } from '@nestjs/common';
import { HealthChecks, Log } from '@strongroom/platform';
import { PublicServer } from '@strongroom/tlog';
import type { TrustRoot } from '@strongroom/transparency';
import { BundleStore } from '../bundle/bundle.store.js';
import { publishedRoute } from '../bundle/published-route.js';
import type { Config } from '../config.js';
import { LogMirror } from './log-mirror.js';

/** The mirror of the log, when it is set up, and the public door of both the mirror and the published bundles. */
@Module({})
export class MirrorModule {
  /** @throws Error when only a part of it is set, or there is no log */
  static forRoot(config: Config, { log: trusted }: TrustRoot, bundles: DynamicModule): DynamicModule {
    const { LOG_URL: url, MIRROR_DIR: folder, MIRROR_SECONDS, PUBLIC_PORT: port, PUBLIC_HOST: host } = config;
    if (url === undefined && folder === undefined) return { module: MirrorModule };
    if (url === undefined || folder === undefined || !trusted)
      throw new Error('a mirror needs LOG_URL, MIRROR_DIR and a log in the trust root');
    const mirror = {
      provide: LogMirror,
      useFactory: async (log: Log, health: HealthChecks) => {
        const opened = await LogMirror.open({ folder, url, vkey: trusted.vkey, everyMs: MIRROR_SECONDS * 1000, log });
        health.add('mirror', () => opened.isWell);
        return opened;
      },
      inject: [Log, HealthChecks],
    };
    const door = {
      provide: PublicServer,
      useFactory: (log: Log, opened: LogMirror, store: BundleStore) =>
        PublicServer.listen({ port, host, routes: [opened.route, publishedRoute(store)], log }),
      inject: [Log, LogMirror, BundleStore],
    };
    return { module: MirrorModule, imports: [bundles], providers: [mirror, door] };
  }
}
