/** Facts of one log line: `event` names what happened. Never a payload, an account id, a token or a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a service writes its structured lines; one event, one line. An abstract class so that Nest takes it as a token. */
export abstract class Log {
  abstract debug(fields: LogFields): void;
  abstract info(fields: LogFields): void;
  abstract warn(fields: LogFields): void;
  abstract error(fields: LogFields): void;
  abstract fatal(fields: LogFields): void;
}

/** For tests and tools that want no lines. */
export const SILENT_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
};
