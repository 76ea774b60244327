import { ownIncarnation, type StatementHead } from '@strongroom/protocol';

/** One answer of each node: the one of its newest incarnation, where a gateway shows several. */
export function newestOfEach<Answer>(
  answers: readonly (Answer | undefined)[],
  headOf: (answer: Answer) => StatementHead,
): readonly Answer[] {
  const newest = new Map<number, Answer>();
  for (const answer of answers) {
    if (answer === undefined) continue;
    const head = headOf(answer);
    const known = newest.get(head.node);
    if (known === undefined || ownIncarnation(headOf(known)) < ownIncarnation(head)) newest.set(head.node, answer);
  }
  return [...newest.values()];
}
