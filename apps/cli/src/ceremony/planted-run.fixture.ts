import { register } from 'node:module';
import { z } from 'zod';
import { exampleAnswers } from './example-answers.fixture.js';
import { PLANTED_BUGS } from './planted-bugs.fixture.js';

const corpusSchema = z.object({
  takenCases: z.function({ input: [z.unknown(), z.string().optional()], output: z.array(z.string()) }),
});

/** Prints which bad cases are taken: all that the code as it is takes, then for each bug whether its own is; all in this process. */
register('./plant-hook.fixture.js', import.meta.url, { data: PLANTED_BUGS });
const answers = await exampleAnswers();
const judge = async (bug: string, only?: string): Promise<readonly string[]> => {
  const corpus: unknown = await import(`./evidence-corpus.fixture.js?bug=${bug}`);
  return corpusSchema.parse(corpus).takenCases(answers, only);
};
const results = [{ name: 'none', taken: [...(await judge('none'))] }];
for (const [i, { name, takes }] of PLANTED_BUGS.entries()) results.push({ name, taken: [...(await judge(String(i), takes))] });
process.stdout.write(JSON.stringify(results));
