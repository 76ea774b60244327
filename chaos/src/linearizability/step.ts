import type { AccountModel, ModelAccount, Transition } from '../account/account-model.js';
import type { Operation } from '../account/operation.js';

/** Part of an operation that happened in one moment between `from` and `to`. */
export interface Step {
  readonly operation: number;
  readonly from: number;
  /** Infinity where the client never learned the outcome: an entry may be decided at any later time. */
  readonly to: number;
  /** It may never have happened. */
  readonly optional: boolean;
  /** Changes nothing. */
  readonly reads: boolean;
  /** Place of the step among those of its operation that must come before it, or undefined. */
  readonly after: number | undefined;
  /** Steps that may stand for each other; undefined for one that no other does. */
  readonly likeness: string | undefined;
  readonly apply: Transition;
}

type Timing = Pick<Step, 'from' | 'to' | 'optional'>;

/**
 * What an operation may have done. A recovery is two moments: its attempt counts until its confirmation is stored, and
 * others may see it in between. Whatever entries a call sent besides the one that it tells about may count as well.
 */
export function stepsOf(operation: Operation, model: AccountModel): readonly Step[] {
  const { id, request, outcome, invokedAt: from, returnedAt, entriesSent, confirmed } = operation;
  const sure = { from, to: returnedAt, optional: false };
  const perhaps = { from, to: Infinity, optional: true };
  const one = (timing: Timing, apply: Transition, more: Partial<Step> = {}): Step => ({
    operation: id,
    ...{ reads: false, after: undefined, likeness: undefined },
    ...timing,
    apply,
    ...more,
  });
  const read = (holds: (account: ModelAccount) => boolean): Step =>
    one(sure, (account) => (holds(account) ? account : null), { reads: true });
  const known = outcome.kind === 'registered' || outcome.kind === 'recovered' || outcome.kind === 'wrong' || outcome.kind === 'deleted';
  const others = Array.from({ length: Math.max(0, entriesSent - (known ? 1 : 0)) });
  const empty = ({ active }: ModelAccount): boolean => active === null;
  switch (request.kind) {
    case 'register': {
      const { code, key } = request;
      const version = outcome.kind === 'registered' ? outcome.version : undefined;
      const again = others.map(() =>
        one(perhaps, model.register({ code, key, version: undefined }), { likeness: `register ${code} ${key}` }),
      );
      return known ? [one(sure, model.register({ code, key, version })), ...again] : again;
    }
    case 'recover': {
      const { code } = request;
      const stray = (): Step => one(perhaps, model.attempt(code, null), { likeness: `attempt ${code}` });
      if (outcome.kind === 'recovered') {
        const expects = { kind: 'right', key: outcome.key, version: outcome.version } as const;
        return [one(sure, model.attempt(code, id, expects)), one(sure, model.confirm(id), { after: 0 }), ...others.map(stray)];
      }
      if (outcome.kind === 'wrong') return [one(sure, model.attempt(code, null, outcome)), ...others.map(stray)];
      const strays = others.map(stray);
      if (outcome.kind === 'locked') return [read(model.isLocked), ...strays];
      if (outcome.kind === 'nothing') return [read(empty), ...strays];
      // Nobody knows whether the confirmation arrived; without one it cannot have.
      if (!confirmed) return strays;
      return [one(perhaps, model.attempt(code, id)), one(perhaps, model.confirm(id), { after: 0 }), ...strays.slice(1)];
    }
    case 'delete': {
      const again = others.map(() => one(perhaps, model.delete(), { likeness: 'delete' }));
      if (outcome.kind === 'deleted') return [one(sure, model.delete()), ...again];
      return outcome.kind === 'nothing' ? [read(empty), ...again] : again;
    }
    case 'status': {
      if (outcome.kind !== 'status') return [];
      const { status, activeVersion, attemptsLeft } = outcome;
      return [
        read((account) => {
          const view = model.read(account);
          return view.status === status && view.attemptsLeft === attemptsLeft && (view.version ?? activeVersion) === activeVersion;
        }),
      ];
    }
  }
}
