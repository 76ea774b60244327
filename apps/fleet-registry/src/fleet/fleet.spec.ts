import { describe, expect, it } from '@jest/globals';
import type { Enrolment } from '@strongroom/transparency';
import { formFleet, MOVES, moveFleet, refreshFleet, replaceNode, type Fleet, type FleetRequest } from './fleet.js';

const digest = (i: number): string => i.toString(16).padStart(64, '0');
const enrolment = (i: number): Enrolment => ({
  identityKey: new Uint8Array(32).fill(i),
  hpkeKey: new Uint8Array(32).fill(i + 100),
  environment: 'software',
  keystore: 'sealed-file',
  software: '0.1.0',
  issuedAt: 0,
});
const enrolled = new Map([1, 2, 3, 4, 5, 6, 7, 8].map((i) => [digest(i), enrolment(i)]));
const request: FleetRequest = {
  fleetId: 'main',
  parameters: { n: 5, t: 3, q: 3, attempts: 10, suite: 1, ksf: 'argon2id:65536:3:1' },
  members: [1, 2, 3, 4, 5].map(digest),
};
const refusal = (code: string, field: string): unknown => expect.objectContaining({ code, metadata: expect.objectContaining({ field }) });

describe('forming a fleet', () => {
  it('starts in epoch 1, forming', () => {
    expect(formFleet(request, { enrolled, fleets: [] })).toEqual({ ...request, epoch: 1, state: 'forming' });
  });

  it('gives the same fleet when it is asked again, wherever that stands by now', () => {
    const active: Fleet = { ...request, epoch: 1, state: 'active' };
    expect(formFleet(request, { enrolled, fleets: [active] })).toBe(active);
  });

  it.each([
    ['no majority of votes', { parameters: { ...request.parameters, q: 2 } }, 'REQUEST_INVALID', 'parameters'],
    ['no node to spare', { parameters: { ...request.parameters, q: 5 } }, 'REQUEST_INVALID', 'parameters'],
    ['too few members', { members: request.members.slice(1) }, 'REQUEST_INVALID', 'members'],
    ['one member twice', { members: [1, 2, 3, 4, 4].map(digest) }, 'REQUEST_INVALID', 'members'],
    ['a member that never enrolled', { members: [1, 2, 3, 4, 99].map(digest) }, 'NOT_FOUND', 'members'],
  ])('refuses %s', (_, changes, code, field) => {
    expect(() => formFleet({ ...request, ...changes }, { enrolled, fleets: [] })).toThrow(refusal(code, field));
  });

  it('refuses another statement by the same node', () => {
    const again = new Map([...enrolled, [digest(50), enrolment(1)]]);
    const members = [1, 50, 3, 4, 5].map(digest);
    expect(() => formFleet({ ...request, members }, { enrolled: again, fleets: [] })).toThrow(refusal('REQUEST_INVALID', 'members'));
  });

  it('refuses a name that is taken with other members or parameters', () => {
    const fleets: Fleet[] = [{ ...request, epoch: 1, state: 'active' }];
    for (const changes of [{ members: [5, 4, 3, 2, 1].map(digest) }, { parameters: { ...request.parameters, attempts: 9 } }]) {
      expect(() => formFleet({ ...request, ...changes }, { enrolled, fleets })).toThrow(refusal('CONFLICT', 'fleetId'));
    }
  });

  it('refuses a member of another fleet until that is retired', () => {
    const other: FleetRequest = { ...request, fleetId: 'other', members: [4, 5, 6, 7, 8].map(digest) };
    for (const state of ['forming', 'active', 'draining'] as const) {
      expect(() => formFleet(other, { enrolled, fleets: [{ ...request, epoch: 1, state }] })).toThrow(refusal('CONFLICT', 'members'));
    }
    expect(formFleet(other, { enrolled, fleets: [{ ...request, epoch: 1, state: 'retired' }] }).fleetId).toBe('other');
  });
});

describe('moving a fleet', () => {
  const states = ['forming', 'active', 'draining', 'retired'] as const;

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))('from %s to %s follows the table', (from, to) => {
    const fleet: Fleet = { ...request, epoch: 1, state: from };
    if (from === to) expect(moveFleet(fleet, to)).toBe(fleet);
    else if (MOVES[from].includes(to)) expect(moveFleet(fleet, to)).toEqual({ ...fleet, state: to });
    else expect(() => moveFleet(fleet, to)).toThrow(refusal('CONFLICT', 'state'));
  });

  it('never leads back', () => {
    expect(MOVES).toEqual({ forming: ['active', 'retired'], active: ['draining'], draining: ['retired'], retired: [] });
  });
});

describe('refreshing a fleet', () => {
  const fleet: Fleet = { ...request, epoch: 1, state: 'active' };

  it('makes the next epoch with the same machines, and waits for its bundle before another', () => {
    const next = refreshFleet(fleet);
    expect(next).toEqual({ ...fleet, epoch: 2, state: 'forming' });
    expect(() => refreshFleet(next)).toThrow(refusal('CONFLICT', 'state'));
  });

  it.each(['draining', 'retired'] as const)('is refused for a fleet that is %s', (state) => {
    expect(() => refreshFleet({ ...fleet, state })).toThrow(refusal('CONFLICT', 'state'));
  });
});

describe('replacing a node', () => {
  const fleet: Fleet = { ...request, epoch: 1, state: 'active' };
  const around = { enrolled, fleets: [fleet] };

  it('makes the next epoch, which is announced like a fleet that forms', () => {
    const members = [1, 2, 6, 4, 5].map(digest);
    expect(replaceNode(fleet, { node: 3, member: digest(6) }, around)).toEqual({ ...request, members, epoch: 2, state: 'forming' });
  });

  it('gives the same fleet when it is asked again', () => {
    const next = replaceNode(fleet, { node: 3, member: digest(6) }, around);
    expect(replaceNode(next, { node: 3, member: digest(6) }, { enrolled, fleets: [next] })).toBe(next);
  });

  it('waits for the bundle of one epoch before it makes another', () => {
    const next = replaceNode(fleet, { node: 3, member: digest(6) }, around);
    const again = (): Fleet => replaceNode(next, { node: 2, member: digest(7) }, { enrolled, fleets: [next] });
    expect(again).toThrow(refusal('CONFLICT', 'state'));
  });

  it.each(['forming', 'draining', 'retired'] as const)('is refused for a fleet that is %s', (state) => {
    const other = { ...fleet, state };
    expect(() => replaceNode(other, { node: 3, member: digest(6) }, { enrolled, fleets: [other] })).toThrow(refusal('CONFLICT', 'state'));
  });

  it('is refused for a place that there is not, a stranger, and a member under another index', () => {
    for (const node of [0, 6]) {
      expect(() => replaceNode(fleet, { node, member: digest(6) }, around)).toThrow(refusal('REQUEST_INVALID', 'node'));
    }
    expect(() => replaceNode(fleet, { node: 3, member: digest(99) }, around)).toThrow(refusal('NOT_FOUND', 'members'));
    expect(() => replaceNode(fleet, { node: 3, member: digest(4) }, around)).toThrow(refusal('CONFLICT', 'member'));
  });

  it('is refused for another statement by the node that is to go', () => {
    const again = new Map([...enrolled, [digest(50), enrolment(3)]]);
    expect(() => replaceNode(fleet, { node: 3, member: digest(50) }, { enrolled: again, fleets: [fleet] })).toThrow(
      refusal('CONFLICT', 'member'),
    );
  });
});
