import type { DeviceStore } from '@strongroom/client';
import { FileDeviceStore } from '@strongroom/client/node';
import { VaultError } from '@strongroom/protocol';
import {
  FormatError,
  parseEnvelope,
  readAttestedFleets,
  readKnownAnswer,
  readSoftware,
  readTranscript,
  type AttestedFleet,
  type Envelope,
  type KnownAnswer,
  type SoftwareEvidence,
  type Transcript,
} from '@strongroom/transparency';
import { z } from 'zod';

/** One of the two statements on its way: written for the custodians, signed by all, announced by a bundle. */
const stage = z.strictObject({ envelope: z.string(), submitted: z.boolean(), bundleEpoch: z.int().nullable() });

const document = z.strictObject({
  format: z.literal('strongroom/ceremony/v1'),
  fleetId: z.string(),
  transcript: z.unknown(),
  software: z.unknown(),
  fleets: z.unknown(),
  knownAnswers: z.array(z.unknown()),
  admission: stage.nullable(),
  acceptance: stage.nullable(),
});

export type StageName = 'admission' | 'acceptance';
export type StageState = Readonly<z.infer<typeof stage>>;

/** How far a ceremony has come. Nothing in it is secret; the throw-away account lies beside it. */
export type CeremonyState = {
  readonly fleetId: string;
  readonly transcript: Transcript;
  readonly software: SoftwareEvidence | undefined;
  readonly fleets: readonly AttestedFleet[] | undefined;
  readonly knownAnswers: readonly KnownAnswer[];
  readonly admission: StageState | null;
  readonly acceptance: StageState | null;
};

const NAME = 'state.json';

export function newCeremony(fleetId: string): CeremonyState {
  return { fleetId, transcript: [], software: undefined, fleets: undefined, knownAnswers: [], admission: null, acceptance: null };
}

/** The folder of one ceremony: `state.json`, the statements for the custodians, and the throw-away account. */
export class CeremonyFolder {
  constructor(
    readonly directory: string,
    private readonly files: DeviceStore = new FileDeviceStore(directory),
  ) {}

  /** Undefined before the first step. @throws REQUEST_INVALID when the file is not one of ours: nothing is guessed */
  async load(): Promise<CeremonyState | undefined> {
    const text = await this.files.read(NAME);
    if (text === null) return undefined;
    try {
      const { format: _format, transcript, software, fleets, knownAnswers, ...rest } = document.parse(JSON.parse(text));
      return {
        ...rest,
        transcript: Array.isArray(transcript) && transcript.length === 0 ? [] : readTranscript(transcript, 'transcript'),
        software: software === null ? undefined : readSoftware(software, 'software'),
        fleets: fleets === null ? undefined : readAttestedFleets(fleets, 'fleets'),
        knownAnswers: knownAnswers.map((answer, i) => readKnownAnswer(answer, `knownAnswers.${i}`)),
      };
    } catch (cause) {
      if (!(cause instanceof FormatError || cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
      throw new VaultError('REQUEST_INVALID', `${this.directory}/${NAME} is not the state of a ceremony`, { field: 'ceremony' }, { cause });
    }
  }

  /** Durable before the next step begins. */
  async save({ software = undefined, fleets = undefined, ...rest }: CeremonyState): Promise<void> {
    const kept = { format: 'strongroom/ceremony/v1', ...rest, software: software ?? null, fleets: fleets ?? null };
    await this.files.write(NAME, `${JSON.stringify(kept, null, 1)}\n`);
  }

  /** The envelope that lies there: a custodian may have signed it in its place. Undefined when there is none that can be read. */
  async envelope(name: string): Promise<Envelope | undefined> {
    try {
      return parseEnvelope((await this.files.read(name)) ?? '');
    } catch (error) {
      // Whatever else lies there is written over from the state.
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  /** @returns the path */
  async write(name: string, text: string): Promise<string> {
    await this.files.write(name, text);
    return `${this.directory}/${name}`;
  }
}
