/** Progress goes to stderr, so that stdout stays free for what the command itself prints (`--json`). */
export function progress(line) {
  process.stderr.write(`strongroom: ${line}\n`);
}

/** Stops the script with one plain sentence instead of a stack trace; for faults a person can act on. */
export class Refusal extends Error {}

/** Runs a script's main function; a Refusal ends it with its sentence, anything else with its stack. */
export async function main(run) {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    if (error instanceof Refusal) progress(error.message);
    else process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
}
