import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bus, Clock, JoseTokenVerifier, Log, PlatformModule, SystemRandom, TokenVerifier } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import type { TrustRoot } from '@strongroom/transparency';
import type { Config } from './config.js';
import { EnrolmentService } from './enrolment/enrolment.service.js';
import { BusRegistry } from './enrolment/registry.js';
import { assembleParts } from './node/assemble-parts.js';
import { FleetNodeService } from './node/fleet-node.service.js';
import { BundleFollower } from './roster/bundle-follower.js';
import type { NodeSoftware } from './possession/possession-desk.js';
import { BundleRosterSource } from './roster/bundle-roster-source.js';
import { BundleRosterHistory } from './roster/roster-history.js';
import { BusBundleFeed } from './roster/bundle-feed.js';
import { SealedShareVault } from './shares/sealed-share-vault.js';
import { ShareVault } from './shares/share-vault.js';
import { StagedSweep } from './shares/staged-sweep.js';
import { DataFolder } from './storage/data-folder.js';

export interface AppOptions {
  readonly config: Config;
  readonly log: Log;
  /** Opened before the application: the node speaks on the bus under its identity key. Closed with the application. */
  readonly data: DataFolder;
  readonly trustRoot: TrustRoot;
  /** What this node runs; its version is signed into the enrolment statement. */
  readonly software: NodeSoftware;
}

/** One HSM node: platform, data folder, and what runs over them. */
@Module({})
export class AppModule {
  static forRoot(options: AppOptions): DynamicModule {
    const { config, log, data } = options;
    const platform = PlatformModule.forRoot({
      service: 'hsm-node',
      identity: `hsm-node/${toHex(data.keystore.identityPublicKey.subarray(0, 8))}`,
      log,
      natsUrl: config.NATS_URL,
      natsNkeyFile: config.NATS_NKEY_FILE,
      health: { port: config.HEALTH_PORT, host: config.HEALTH_HOST },
    });
    return { module: AppModule, imports: [platform], providers: providersOf(options) };
  }
}

function providersOf({ config, data, trustRoot, software }: AppOptions): Provider[] {
  const { keystore, store, slots } = data;
  const rules = {
    delaysMs: config.ATTEMPT_DELAYS,
    coolDownMs: config.COOL_DOWN_MS,
    eraseDeadlineMs: config.ERASE_DEADLINE_MS,
    repairPerSecond: config.REPAIR_PER_SECOND,
    refreshPerSecond: config.REFRESH_PER_SECOND,
    antiEntropyIntervalMs: config.ANTI_ENTROPY_INTERVAL_MS,
    antiEntropyAccounts: config.ANTI_ENTROPY_ACCOUNTS,
  };
  const history = new BundleRosterHistory(store, trustRoot);
  return [
    { provide: DataFolder, useValue: data },
    { provide: TokenVerifier, useFactory: () => new JoseTokenVerifier(config.TOKEN_ISSUERS, config.NODE_ENV) },
    {
      provide: ShareVault,
      useFactory: (_open: DataFolder, clock: Clock, random: SystemRandom) => SealedShareVault.open({ store, slots, clock, random }),
      inject: [DataFolder, Clock, SystemRandom],
    },
    {
      provide: BundleRosterSource,
      useFactory: (_open: DataFolder, clock: Clock, log: Log) =>
        BundleRosterSource.open({ store, keystore, trustRoot, allowBenchSuite: config.ALLOW_BENCH_SUITE, clock, log }),
      inject: [DataFolder, Clock, Log],
    },
    {
      provide: FleetNodeService,
      useFactory: async (
        bus: Bus,
        clock: Clock,
        random: SystemRandom,
        log: Log,
        tokens: TokenVerifier,
        vault: ShareVault,
        rosters: BundleRosterSource,
      ) =>
        new FleetNodeService(
          await assembleParts({ bus, clock, random, log, tokens, vault, store, keystore, rosters, rules, history, software }),
          rosters,
        ),
      inject: [Bus, Clock, SystemRandom, Log, TokenVerifier, ShareVault, BundleRosterSource],
    },
    {
      provide: BundleFollower,
      useFactory: (source: BundleRosterSource, bus: Bus, log: Log) => new BundleFollower(source, new BusBundleFeed(bus), log),
      inject: [BundleRosterSource, Bus, Log],
    },
    {
      provide: EnrolmentService,
      useFactory: (_open: DataFolder, bus: Bus, clock: Clock, log: Log) =>
        new EnrolmentService({ keystore, store, registry: new BusRegistry(bus), software: software.software, clock, log }),
      inject: [DataFolder, Bus, Clock, Log],
    },
    {
      provide: StagedSweep,
      useFactory: (vault: ShareVault, decided: FleetNodeService, clock: Clock, log: Log) => new StagedSweep(vault, decided, clock, log),
      inject: [ShareVault, FleetNodeService, Clock, Log],
    },
  ];
}
