import type { Operation, Outcome, Request } from '../account/operation.js';

const SENDS = { register: 1, recover: 1, delete: 1, status: 0 } as const;

/** Writes a history down: each operation takes the time from one number to another. */
export class HistoryBuilder {
  readonly operations: Operation[] = [];

  add(span: readonly [number, number], request: Request, outcome: Outcome, more: Partial<Operation> = {}): this {
    this.operations.push({
      ...{ id: this.operations.length, by: 'device', request, outcome, invokedAt: span[0], returnedAt: span[1] },
      ...{ entriesSent: SENDS[request.kind], confirmed: outcome.kind === 'recovered' },
      ...more,
    });
    return this;
  }

  registers(span: readonly [number, number], code: string, version = 1): this {
    return this.add(span, { kind: 'register', code, key: `key of ${code}` }, { kind: 'registered', version });
  }

  recovers(span: readonly [number, number], code: string, version = 1): this {
    return this.add(span, { kind: 'recover', code }, { kind: 'recovered', key: `key of ${code}`, version });
  }

  isWrong(span: readonly [number, number], code: string, attemptsLeft: number): this {
    return this.add(span, { kind: 'recover', code }, { kind: 'wrong', attemptsLeft });
  }

  reads(span: readonly [number, number], attemptsLeft: number, activeVersion = 1): this {
    const status = activeVersion === 0 ? 'none' : attemptsLeft === 0 ? 'locked' : 'active';
    return this.add(span, { kind: 'status' }, { kind: 'status', status, activeVersion, attemptsLeft });
  }

  deletes(span: readonly [number, number]): this {
    return this.add(span, { kind: 'delete' }, { kind: 'deleted' });
  }

  fails(span: readonly [number, number], request: Request, more: Partial<Operation> = {}): this {
    return this.add(span, request, { kind: 'unknown', code: 'FLEET_UNAVAILABLE' }, more);
  }
}

export function history(): HistoryBuilder {
  return new HistoryBuilder();
}
