import { Module, type DynamicModule } from '@nestjs/common';
import { Bus, Clock, HealthChecks, Log, Metrics } from '@strongroom/platform';
import { PublicServer, readLogKeys, witnessAddresses } from '@strongroom/tlog';
import type { TrustedLog } from '@strongroom/transparency';
import { AuditModule } from '../audit/audit.module.js';
import { AuditStore } from '../audit/audit.store.js';
import type { Config } from '../config.js';
import { AuditorIdentity } from '../identity/identity.js';
import { PlexiEpochs, plexiLogOf } from '../plexi/plexi-epochs.js';
import { plexiRoute } from '../plexi/plexi-route.js';
import { AuditorWitness } from '../witness/auditor-witness.js';
import { AuditorLogs, type AuditorLogsOptions } from './auditor-logs.js';
import { BundleLogDoor } from './bundle-log.nats.js';
import { BundleLogService } from './bundle-log.service.js';

/** The public log, when the trust root names one, and the door that everybody reads it through. */
@Module({})
export class LogModule {
  static forRoot(config: Config, identity: AuditorIdentity): DynamicModule {
    const { log: trusted } = identity.trustRoot;
    const witness = {
      provide: AuditorWitness,
      useFactory: (clock: Clock, log: Log) => AuditorWitness.from(config, () => clock.nowMs(), log),
      inject: [Clock, Log],
    };
    const door = {
      provide: PublicServer,
      useFactory: (log: Log, store: AuditStore, own?: AuditorWitness, logs?: AuditorLogs) => {
        const plexi = logs ? [plexiRoute(new PlexiEpochs(plexiLogOf(logs.queue), store, identity))] : [];
        const routes = [...(logs?.routes() ?? []), ...(own ? [own.route] : []), ...plexi];
        return routes.length === 0 ? undefined : PublicServer.listen({ port: config.PUBLIC_PORT, host: config.PUBLIC_HOST, routes, log });
      },
      inject: [Log, AuditStore, { token: AuditorWitness, optional: true }, { token: AuditorLogs, optional: true }],
    };
    const providers = [witness, ...(trusted ? logProviders(config, trusted) : []), door];
    return { module: LogModule, imports: [AuditModule.forRoot(identity)], providers };
  }
}

function logProviders(config: Config, trusted: TrustedLog): NonNullable<DynamicModule['providers']> {
  return [
    {
      provide: AuditorLogs,
      useFactory: async (clock: Clock, log: Log, health: HealthChecks, metrics: Metrics) => {
        const logs = await openLogs(config, trusted, { nowMs: () => clock.nowMs(), log, onLook: measure(metrics) });
        health.add('log', () => logs.isWell);
        return logs;
      },
      inject: [Clock, Log, HealthChecks, Metrics],
    },
    {
      provide: BundleLogService,
      useFactory: (logs: AuditorLogs, store: AuditStore, identity: AuditorIdentity) =>
        new BundleLogService(logs.queue, logs.cosigner, store, identity),
      inject: [AuditorLogs, AuditStore, AuditorIdentity],
    },
    {
      provide: BundleLogDoor,
      useFactory: (bus: Bus, bundles: BundleLogService) => new BundleLogDoor(bus, bundles),
      inject: [Bus, BundleLogService],
    },
  ];
}

type LogParts = Pick<AuditorLogsOptions, 'nowMs' | 'log' | 'onLook'>;

async function openLogs(config: Config, trusted: TrustedLog, parts: LogParts): Promise<AuditorLogs> {
  const { LOG_DIR: folder, DATA_DIR, WITNESS_URLS, WITNESS_TIMEOUT_MS, COSIGN_REFRESH_HOURS } = config;
  if (folder === undefined) throw new Error('the trust root names a log: set LOG_DIR');
  return AuditorLogs.open({
    folder,
    keys: await readLogKeys(DATA_DIR, trusted),
    trusted,
    witnesses: witnessAddresses(trusted.witnesses, WITNESS_URLS),
    witnessTimeoutMs: WITNESS_TIMEOUT_MS,
    refreshMs: COSIGN_REFRESH_HOURS * 3_600_000,
    ...parts,
  });
}

function measure(metrics: Metrics): (standing: { readonly size: number; readonly oldestS: number | undefined }) => void {
  const size = metrics.gauge({ thing: 'log_size', unit: 'count', help: 'Bundles in the public log' });
  const age = metrics.gauge({ thing: 'log_oldest_cosignature', unit: 'seconds', help: 'Age of the oldest cosignature, NaN without any' });
  return (standing) => {
    size.set(standing.size);
    age.set(standing.oldestS ?? Number.NaN);
  };
}
