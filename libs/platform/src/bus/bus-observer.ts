/** Told what the bus does, for metrics. Subjects are names of contracts: never a node, an account or a payload. */
export interface BusObserver {
  /** A served call was answered: `OK` or the code of the refusal. */
  served(subject: string, outcome: string): void;
  /** A message could not be answered or sent and is gone. */
  dropped(subject: string, reason: 'disconnected' | 'malformed' | 'refused' | 'saturated' | 'no-reply-subject' | 'handler-failed'): void;
}

export const SILENT_OBSERVER: BusObserver = { served: () => undefined, dropped: () => undefined };
