import type { Custodians } from '@strongroom/transparency';
import type { FleetParameters, Profile } from './profile.js';

/** The processes of a stack that run our own code. */
export type ServiceName = 'fleet-registry' | 'bundle-publisher' | 'bundle-auditor' | 'session-gateway' | 'hsm-node';

export type Environment = Readonly<Record<string, string>>;

/** What a ceremony needs to know of the stack that is starting. */
export interface CeremonyPlace {
  readonly gatewayUrl: string;
  readonly trustRootFile: string;
  readonly fleetId: string;
  readonly parameters: FleetParameters;
  /** Enrolment digests in the order of the processes. */
  readonly members: readonly string[];
}

export interface StackOptions {
  /** Everything that lasts: keys, databases, nodes, logs. A second start there finds the same fleet. */
  readonly dataDir: string;
  /** Unless told that of the first start in `dataDir`, and `standard` for the first; or parameters of one's own. */
  readonly profile?: Profile | FleetParameters;
  /** `main` unless told. */
  readonly fleetId?: string;
  /** A port of 127.0.0.1; a free one unless told. */
  readonly gatewayPort?: number;
  /** Variables for each process of a service, on top of the embedded defaults. */
  readonly env?: Readonly<Partial<Record<ServiceName, Environment>>>;
  /** Variables of one node on top of those, asked for once the bus runs: as a bus reached on a way of its own. */
  readonly nodeEnv?: (index: number, natsUrl: string) => Environment | Promise<Environment>;
  /** `info` unless told; one of LOG_LEVEL. The line that says a service is ready is of level info. */
  readonly logLevel?: 'info' | 'debug';
  /** PATH, NATS_URL, DATABASE_URL and CORS_ORIGINS of whoever starts the stack. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Starts a service again that ended by itself. Off unless told: a test wants to see it. */
  readonly revive?: boolean;
  /** Custodians in the trust root, and who leads the fleet through its ceremony; without, its bundle says `deployment none`. */
  readonly ceremony?: { readonly custodians: Custodians; readonly hold: (place: CeremonyPlace) => Promise<void> };
  /** A login of the bus that may do everything: for tests that attack from there. Off unless told. */
  readonly openBusLogin?: boolean;
  /** Needed where TOKEN_ISSUERS is set to something else than `development`. */
  readonly operatorToken?: () => Promise<string>;
  /** Breaks the start off; a stack that has started is ended by stop() only. */
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
}
